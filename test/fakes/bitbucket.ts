import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { errorAnswer, type FakeAnswer } from './bitbucket-answer.ts';
import type { FakeComment } from './bitbucket-comments.ts';
import { bitbucketContract } from './bitbucket-contract.ts';
import type { CommitLinks, FakePullRequest } from './bitbucket-pull-requests.ts';
import type { StandingReport } from './bitbucket-reports.ts';
import { createFakeRepository, type FakeRepository } from './bitbucket-repository.ts';
import { proxyRefusal, refusal, type FakeToken } from './bitbucket-rights.ts';
import { routeInRepository } from './bitbucket-routes.ts';
import type { FakeStatus } from './bitbucket-statuses.ts';
import { noteValidated } from './validated-requests.ts';
import { rateLimited, type FakeFailure } from './http-failures.ts';
import { playFailure } from './play-failure.ts';

export type { FakeToken } from './bitbucket-rights.ts';

export interface FakeBitbucketOptions {
  /** `workspace/slug` → the full ids of its commits. */
  readonly repositories: Readonly<Record<string, readonly string[]>>;
  readonly tokens: readonly FakeToken[];
  /** After how many requests it answers 429; by default after none. */
  readonly allowance?: number;
}

/** A request as it came. */
export interface FakeRequest {
  readonly method: string;
  /** Below the base URL, decoded, without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Parsed JSON; absent where none came. */
  readonly body: unknown;
  /** Whether it came in absolute form, as proxies get it. */
  readonly isProxied: boolean;
}

/**
 * Bitbucket Cloud's API, as far as preheat uses it, on a random loopback port. It keeps state, and holds requests and
 * its own answers against Atlassian's description where that is at hand; disposing it fails when one did not conform.
 *
 * The same port is the proxy of a step: requests in absolute form need no credential, and may only be about reports. One
 * that brings a credential does not conform.
 */
export interface FakeBitbucket extends AsyncDisposable {
  readonly baseUrl: string;
  /** The address of the proxy of a step. */
  readonly proxyUrl: string;
  readonly requests: readonly FakeRequest[];
  /** How many requests were held against the API's description. */
  readonly validatedRequests: number;
  /** What did not conform; a test that means to provoke it empties the list. */
  readonly violations: string[];
  /** The statuses of a commit as they are now. */
  statuses(repository: string, commit: string): readonly FakeStatus[];
  /** The reports of a commit as they are now, by id. */
  reports(repository: string, commit: string): ReadonlyMap<string, StandingReport>;
  /** Opens a pull request, or changes it. */
  openPullRequest(repository: string, pullRequest: FakePullRequest): void;
  /** Whether pull requests can be asked for by commit; at first they cannot. */
  linkCommits(repository: string, links: CommitLinks): void;
  /** The comments of a pull request as they are now, oldest first. */
  comments(repository: string, pullRequest: number): readonly FakeComment[];
  /** Comments as someone else. */
  addComment(repository: string, pullRequest: number, raw: string, author?: string): void;
  /** Deletes a comment as its author or an administrator can. */
  deleteComment(repository: string, pullRequest: number, comment: number): void;
  /** Lets the next requests fail, one after the other. */
  failNext(...failures: readonly FakeFailure[]): void;
  /** Carries the next request out, but breaks off before its answer. */
  loseNextAnswer(method: string): void;
}

const BASE = '/2.0';

/** Starts a fake with some repositories and tokens. */
export async function startFakeBitbucket(options: FakeBitbucketOptions): Promise<FakeBitbucket> {
  const { tokens, allowance = Infinity } = options;
  const repositories = new Map(
    Object.entries(options.repositories).map(([name, commits]) => [
      name,
      createFakeRepository(name, commits),
    ]),
  );
  const requests: FakeRequest[] = [];
  const violations: string[] = [];
  const failures: FakeFailure[] = [];
  const losses: string[] = [];
  let validatedRequests = 0;

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { request, rawPath, address } = await received(incoming);
    requests.push(request);
    const contract = bitbucketContract();
    if (contract !== undefined) {
      validatedRequests++;
      violations.push(...contract.violationsOf({ ...request, path: rawPath }));
    }
    if (request.isProxied && request.headers.authorization !== undefined)
      violations.push('a credential was sent to the proxy of the step');
    const failure = requests.length > allowance ? rateLimited() : failures.shift();
    if (failure !== undefined) return playFailure(failure, response);
    const answer = route(request, address, repositories, tokens);
    violations.push(...(contract?.answerViolationsOf({ ...request, path: rawPath, ...answer }) ?? []));
    const lost = losses.indexOf(request.method);
    if (lost !== -1) {
      losses.splice(lost, 1);
      response.destroy();
    } else send(answer, response);
  };
  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((thrown: unknown) => {
      violations.push(`the fake failed: ${String(thrown)}`);
      response.destroy();
    });
  });
  server.on('connect', (request, socket) => {
    violations.push(`CONNECT ${request.url ?? ''} is nothing that the proxy of a step takes`);
    socket.end('HTTP/1.1 405 Method Not Allowed\r\n\r\n');
  });
  const origin = `http://127.0.0.1:${await listening(server)}`;
  const of = (name: string): FakeRepository => {
    const repository = repositories.get(name);
    assert.ok(repository !== undefined, `the fake has no repository ${name}`);
    return repository;
  };
  const thread = (name: string, id: number) => {
    const comments = of(name).pullRequests.comments(id);
    assert.ok(comments !== undefined, `the fake has no pull request ${id}`);
    return comments;
  };
  return {
    baseUrl: `${origin}${BASE}`,
    proxyUrl: `${origin}/`,
    requests,
    violations,
    get validatedRequests() {
      return validatedRequests;
    },
    statuses: (name, commit) => repositories.get(name)?.statuses.all(commit) ?? [],
    reports: (name, commit) => of(name).reports.all(commit),
    openPullRequest: (name, pullRequest) => of(name).pullRequests.open(pullRequest),
    linkCommits: (name, links) => void (of(name).pullRequests.links = links),
    comments: (name, id) => thread(name, id).all(),
    addComment: (name, id, raw, author = 'someone else') =>
      void thread(name, id).add(author, { content: { raw } }),
    deleteComment: (name, id, comment) => thread(name, id).remove(comment),
    failNext: (...more) => void failures.push(...more),
    loseNextAnswer: (method) => void losses.push(method),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      noteValidated(bitbucketContract() === undefined ? undefined : validatedRequests);
      assert.deepEqual(violations, [], 'requests that Bitbucket would not understand');
    },
  };
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

interface Received {
  readonly request: FakeRequest;
  readonly rawPath: string;
  /** The address without its query, for next pages. */
  readonly address: string;
}

async function received(incoming: IncomingMessage): Promise<Received> {
  const { url = '/', method = '', headers } = incoming;
  const { pathname, searchParams } = new URL(url, 'http://fake');
  const rawPath = pathname.startsWith(`${BASE}/`) ? pathname.slice(BASE.length) : pathname;
  const body = await text(incoming);
  const request: FakeRequest = {
    method,
    path: decodeURIComponent(rawPath),
    query: searchParams,
    headers,
    body: body === '' ? undefined : (JSON.parse(body) as unknown),
    isProxied: url.startsWith('http://'),
  };
  return { request, rawPath, address: `http://${headers.host ?? ''}${pathname}` };
}

function route(
  request: FakeRequest,
  address: string,
  repositories: ReadonlyMap<string, FakeRepository>,
  tokens: readonly FakeToken[],
): FakeAnswer {
  const { path, headers, isProxied } = request;
  const refused = isProxied ? proxyRefusal(path) : refusal(path, headers, tokens);
  if (refused !== undefined) return refused;
  const [, name = '', rest = ''] = /^\/repositories\/([^/]+\/[^/]+)\/(.*)$/.exec(path) ?? [];
  const repository = repositories.get(name);
  if (repository === undefined) return errorAnswer(404, `Repository ${name} not found`);
  return routeInRepository({ ...request, path: rest, address }, repository);
}

function send({ status, body }: FakeAnswer, response: ServerResponse): void {
  if (body === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

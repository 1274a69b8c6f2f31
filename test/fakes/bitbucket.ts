import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { bitbucketContract } from './bitbucket-contract.ts';
import type { FakeFailure } from './http-failures.ts';
import {
  createFakeStatuses,
  errorAnswer,
  type FakeAnswer,
  type FakeStatus,
  type FakeStatuses,
} from './bitbucket-statuses.ts';
import { playFailure } from './play-failure.ts';

/** A credential that the fake knows, with what it may do. */
export interface FakeToken {
  /** The whole header, such as `Bearer t`. */
  readonly authorization: string;
  readonly scopes: readonly string[];
}

export interface FakeBitbucketOptions {
  /** `workspace/slug` → the full ids of its commits. */
  readonly repositories: Readonly<Record<string, readonly string[]>>;
  readonly tokens: readonly FakeToken[];
}

/** A request as it came. */
export interface FakeRequest {
  readonly method: string;
  /** Below the base URL, decoded, without its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Parsed JSON; absent where none came. */
  readonly body: unknown;
}

/**
 * Bitbucket Cloud's API, as far as preheat uses it, on a random loopback port. It keeps state, and holds requests and
 * its own answers against Atlassian's description where that is at hand; disposing it fails when one did not conform.
 */
export interface FakeBitbucket extends AsyncDisposable {
  readonly baseUrl: string;
  readonly requests: readonly FakeRequest[];
  /** How many requests were held against the API's description. */
  readonly validatedRequests: number;
  /** What did not conform; a test that means to provoke it empties the list. */
  readonly violations: string[];
  /** The statuses of a commit as they are now. */
  statuses(repository: string, commit: string): readonly FakeStatus[];
  /** Lets the next requests fail, one after the other. */
  failNext(...failures: readonly FakeFailure[]): void;
}

const BASE = '/2.0';
// Either name of the right is enough (OpenAPI description, `security` of the operation).
const SCOPES = {
  repository: ['repository', 'repository:write', 'repository:admin', 'read:repository:bitbucket'],
  pullrequest: ['pullrequest', 'pullrequest:write', 'read:pullrequest:bitbucket'],
} as const;
const PULL_REQUESTS = /^\/repositories\/[^/]+\/[^/]+\/pullrequests$/;

/** Starts a fake with some repositories and tokens. */
export async function startFakeBitbucket(options: FakeBitbucketOptions): Promise<FakeBitbucket> {
  const repositories = new Map(
    Object.entries(options.repositories).map(([name, commits]) => [name, createFakeStatuses(commits)]),
  );
  const requests: FakeRequest[] = [];
  const violations: string[] = [];
  const failures: FakeFailure[] = [];
  let validatedRequests = 0;

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { request, rawPath } = await received(incoming);
    requests.push(request);
    const contract = bitbucketContract();
    if (contract !== undefined) {
      validatedRequests++;
      violations.push(...contract.violationsOf({ ...request, path: rawPath }));
    }
    const failure = failures.shift();
    if (failure !== undefined) return playFailure(failure, response);
    const answer = route(request, repositories, options.tokens);
    violations.push(...(contract?.answerViolationsOf({ ...request, path: rawPath, ...answer }) ?? []));
    response
      .writeHead(answer.status, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer.body));
  };
  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((thrown: unknown) => {
      violations.push(`the fake failed: ${String(thrown)}`);
      response.destroy();
    });
  });
  return {
    baseUrl: `http://127.0.0.1:${await listening(server)}${BASE}`,
    requests,
    violations,
    get validatedRequests() {
      return validatedRequests;
    },
    statuses: (repository, commit) => repositories.get(repository)?.all(commit) ?? [],
    failNext: (...more) => void failures.push(...more),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
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

async function received(incoming: IncomingMessage): Promise<{ request: FakeRequest; rawPath: string }> {
  const { pathname } = new URL(incoming.url ?? '/', 'http://fake');
  const rawPath = pathname.startsWith(`${BASE}/`) ? pathname.slice(BASE.length) : pathname;
  const body = await text(incoming);
  const request: FakeRequest = {
    method: incoming.method ?? '',
    path: decodeURIComponent(rawPath),
    headers: incoming.headers,
    body: body === '' ? undefined : (JSON.parse(body) as unknown),
  };
  return { request, rawPath };
}

function route(
  { method, path, headers, body }: FakeRequest,
  repositories: ReadonlyMap<string, FakeStatuses>,
  tokens: readonly FakeToken[],
): FakeAnswer {
  const needed = PULL_REQUESTS.test(path) ? 'pullrequest' : 'repository';
  const refused = refusal(headers, tokens, needed);
  if (refused !== undefined) return refused;
  const [, name = '', rest = ''] = /^\/repositories\/([^/]+\/[^/]+)\/(.*)$/.exec(path) ?? [];
  const statuses = repositories.get(name);
  if (statuses === undefined) return errorAnswer(404, `Repository ${name} not found`);
  const request = { method, path: rest, headers, body };
  return readOnly(request, statuses) ?? routeInRepository(request, statuses);
}

/** Pull requests and reports, of which there are none yet. */
function readOnly({ method, path }: FakeRequest, statuses: FakeStatuses): FakeAnswer | undefined {
  if (method !== 'GET') return undefined;
  if (path === 'pullrequests') return pageOf([]);
  const [, commit] = /^commit\/([^/]+)\/reports$/.exec(path) ?? [];
  if (commit === undefined) return undefined;
  return statuses.list(commit).status === 200 ? pageOf([]) : errorAnswer(404, `Commit not found: ${commit}`);
}

function routeInRepository({ method, path, headers, body }: FakeRequest, statuses: FakeStatuses): FakeAnswer {
  const [, commit = '', build, key] = /^commit\/([^/]+)\/statuses(\/build(?:\/([^/]+))?)?$/.exec(path) ?? [];
  if (commit === '') return errorAnswer(404, 'Resource not found');
  if (method === 'GET' && build === undefined) return statuses.list(commit);
  if (method === 'GET' && key !== undefined) return statuses.get(commit, key);
  if (method !== 'POST' || build !== '/build') return errorAnswer(405, `Method ${method} not allowed`);
  // Without a length the API answers 411, whatever the body.
  return headers['content-length'] === undefined
    ? errorAnswer(411, 'Length Required')
    : statuses.set(commit, body);
}

function refusal(
  { authorization }: IncomingMessage['headers'],
  tokens: readonly FakeToken[],
  needed: keyof typeof SCOPES,
): FakeAnswer | undefined {
  const allowed: readonly string[] = SCOPES[needed];
  const token = tokens.find((known) => known.authorization === authorization);
  if (token === undefined)
    return errorAnswer(401, 'Token is invalid, expired, or not supported for this endpoint.');
  if (token.scopes.some((scope) => allowed.includes(scope))) return undefined;
  const detail = { required: [needed], granted: token.scopes };
  return errorAnswer(403, 'Your credentials lack one or more required privilege scopes.', { detail });
}

function pageOf(values: readonly unknown[]): FakeAnswer {
  return { status: 200, body: { page: 1, pagelen: 10, size: values.length, values } };
}

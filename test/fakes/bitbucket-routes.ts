import type { IncomingMessage } from 'node:http';
import { errorAnswer, type FakeAnswer } from './bitbucket-answer.ts';
import type { FakeComments } from './bitbucket-comments.ts';
import type { ListRequest } from './bitbucket-query.ts';
import type { FakeReports } from './bitbucket-reports.ts';
import type { FakeRepository } from './bitbucket-repository.ts';
import type { FakeStatuses } from './bitbucket-statuses.ts';

/** A request to a repository that the caller may call. */
export interface RoutedRequest extends ListRequest {
  readonly method: string;
  /** Below the repository. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** Carries a request out. */
export function routeInRepository(request: RoutedRequest, repository: FakeRepository): FakeAnswer {
  const { method, path, headers } = request;
  // Without a length the API answers 411, whatever the body.
  if (['POST', 'PUT'].includes(method) && headers['content-length'] === undefined)
    return errorAnswer(411, 'Length Required');
  return onCommit(request, repository) ?? onPullRequests(request, repository) ?? notFound(path);
}

function onCommit(request: RoutedRequest, repository: FakeRepository): FakeAnswer | undefined {
  const [, commit, what, ...rest] = request.path.split('/');
  if (!request.path.startsWith('commit/') || commit === undefined) return undefined;
  if (what === 'statuses') return onStatuses(request, commit, rest, repository.statuses);
  if (what === 'reports') return onReports(request, commit, rest, repository.reports);
  if (what !== 'pullrequests' || rest.length > 0) return undefined;
  return request.method === 'GET' ? repository.pullRequests.listOf(commit, request) : notAllowed(request);
}

function onStatuses(
  request: RoutedRequest,
  commit: string,
  [build, key]: readonly string[],
  statuses: FakeStatuses,
): FakeAnswer {
  const { method, body } = request;
  if (method === 'GET' && build === undefined) return statuses.list(commit, request);
  if (method === 'GET' && key !== undefined) return statuses.get(commit, key);
  return method === 'POST' && build === 'build' && key === undefined
    ? statuses.set(commit, body)
    : notAllowed(request);
}

function onReports(
  request: RoutedRequest,
  commit: string,
  [id, annotations]: readonly string[],
  reports: FakeReports,
): FakeAnswer {
  const { method, body } = request;
  if (id === undefined) return method === 'GET' ? reports.list(commit, request) : notAllowed(request);
  if (annotations !== undefined)
    return method === 'POST' ? reports.annotate(commit, id, body) : notAllowed(request);
  if (method === 'PUT') return reports.put(commit, id, body);
  return method === 'DELETE' ? reports.remove(commit, id) : notAllowed(request);
}

function onPullRequests(request: RoutedRequest, { pullRequests }: FakeRepository): FakeAnswer | undefined {
  const [what, number, comments, comment] = request.path.split('/');
  if (what !== 'pullrequests') return undefined;
  if (number === undefined)
    return request.method === 'GET' ? pullRequests.list(request) : notAllowed(request);
  if (comments !== 'comments') return undefined;
  const thread = pullRequests.comments(Number(number));
  return thread === undefined ? undefined : onComments(request, comment, thread);
}

function onComments(request: RoutedRequest, id: string | undefined, comments: FakeComments): FakeAnswer {
  const { method, headers, body } = request;
  // An access token is an author of its own.
  const author = headers.authorization ?? '';
  if (id === undefined && method === 'GET') return comments.list(request);
  if (id === undefined && method === 'POST') return comments.add(author, body);
  return id !== undefined && method === 'PUT'
    ? comments.change(author, Number(id), body)
    : notAllowed(request);
}

function notAllowed({ method }: RoutedRequest): FakeAnswer {
  return errorAnswer(405, `Method ${method} not allowed`);
}

function notFound(path: string): FakeAnswer {
  return errorAnswer(404, `Resource not found: ${path}`);
}

import type { IncomingMessage } from 'node:http';
import { errorAnswer, type FakeAnswer } from './bitbucket-answer.ts';

/** A credential that the fake knows, with what it may do. */
export interface FakeToken {
  /** The whole header, such as `Bearer t`. */
  readonly authorization: string;
  readonly scopes: readonly string[];
}

// Either name of the right is enough (OpenAPI description, `security` of the operation).
const SCOPES = {
  repository: ['repository', 'repository:write', 'repository:admin', 'read:repository:bitbucket'],
  pullrequest: ['pullrequest', 'pullrequest:write', 'read:pullrequest:bitbucket'],
} as const;

const PULL_REQUESTS = /^\/repositories\/[^/]+\/[^/]+\/(?:commit\/[^/]+\/)?pullrequests(?:\/|$)/;
const REPORTS = /^\/repositories\/[^/]+\/[^/]+\/commit\/[^/]+\/reports(?:\/|$)/;

/** The answer to who may not do this; absent where they may. */
export function refusal(
  path: string,
  { authorization }: IncomingMessage['headers'],
  tokens: readonly FakeToken[],
): FakeAnswer | undefined {
  const needed = PULL_REQUESTS.test(path) ? 'pullrequest' : 'repository';
  const allowed: readonly string[] = SCOPES[needed];
  const token = tokens.find((known) => known.authorization === authorization);
  if (token === undefined)
    return errorAnswer(401, 'Token is invalid, expired, or not supported for this endpoint.');
  if (token.scopes.some((scope) => allowed.includes(scope))) return undefined;
  const detail = { required: [needed], granted: token.scopes };
  return errorAnswer(403, 'Your credentials lack one or more required privilege scopes.', { detail });
}

/** The same for who comes through the proxy of a step, which is good for reports only. */
export function proxyRefusal(path: string): FakeAnswer | undefined {
  return REPORTS.test(path)
    ? undefined
    : errorAnswer(401, 'Token is invalid, expired, or not supported for this endpoint.');
}

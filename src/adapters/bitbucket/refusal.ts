import { PreheatError, type FailureCode } from '../../kernel/failure.ts';
import { isPassingStatus } from '../../kernel/repeat-http.ts';
import type { ErrorBody } from './error-body.ts';

/** An answer that is no success: its status and what its body says. */
export interface ErrorAnswer extends ErrorBody {
  readonly status: number;
  /** The words behind the status, such as `Forbidden`. */
  readonly statusText: string;
  /** The least wait that the answer asked for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** One right under its two names. */
export interface NeededScope {
  /** As access tokens and OAuth call it. */
  readonly accessToken: string;
  /** As personal API tokens call it. */
  readonly apiToken: string;
}

/**
 * The failure of a call that Bitbucket answered, but did not carry out. `action` reads like `report the build status`;
 * `scope` is what it needs.
 */
export function refusedCall(answer: ErrorAnswer, action: string, scope: NeededScope): PreheatError {
  const hint = hintFor(answer, scope);
  return new PreheatError(`cannot ${action}: ${reasonOf(answer)}`, {
    phase: 'report',
    code: codeOf(answer.status),
    retryable: isPassingStatus(answer.status),
    retryAfterMs: answer.retryAfterMs,
    ...(hint === undefined ? {} : { hint }),
  });
}

function reasonOf({ status, statusText, message }: ErrorAnswer): string {
  const answered = `Bitbucket answered ${[status, statusText].filter(Boolean).join(' ')}`;
  return message === '' ? answered : `${answered}: ${message}`;
}

function codeOf(status: number): FailureCode {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'not-found';
  return isPassingStatus(status) ? 'unreachable' : 'failed';
}

function hintFor({ status, requiredScopes }: ErrorAnswer, needed: NeededScope): string | undefined {
  const scope = `scope "${needed.accessToken}" (API token: "${needed.apiToken}")`;
  switch (status) {
    case 401:
      return `Check that the token is right and has not expired; it needs the ${scope}`;
    case 403: {
      const others = requiredScopes.filter((name) => name !== needed.accessToken && name !== needed.apiToken);
      return `Give the token the ${[scope, ...others.map((name) => `"${name}"`)].join(' and ')}`;
    }
    case 404:
      // Bitbucket answers 404, not 403, for a private repository that the caller may not see.
      return 'Check that the commit is pushed and that the token belongs to this repository';
    case 429:
      return 'Use an access token of this repository: each token has an hourly allowance of its own';
    default:
      return undefined;
  }
}

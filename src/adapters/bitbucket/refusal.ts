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

/** One right under its names. */
export interface NeededScope {
  /** As access tokens, app passwords and OAuth call it. */
  readonly accessToken: string;
  /** As personal API tokens call it. */
  readonly apiToken: string;
  /** Another one of API tokens that is said to be needed beside it. */
  readonly alsoApiToken?: string;
}

/** What to do about a refusal; absent where nobody can say. */
export type RefusalAdvice = (answer: ErrorAnswer, needed: NeededScope) => string | undefined;

/** Who may refuse a call. */
export interface Peer {
  /** As messages have it. */
  readonly peer: string;
  readonly advise: RefusalAdvice;
}

/** The failure of a call that was answered, but not carried out. */
export class RefusedCall extends PreheatError {
  readonly status: number;

  constructor(
    answer: ErrorAnswer,
    call: { readonly action: string; readonly scope: NeededScope; readonly transport: Peer },
  ) {
    const { status } = answer;
    const hint = call.transport.advise(answer, call.scope);
    super(`cannot ${call.action}: ${reasonOf(answer, call.transport.peer)}`, {
      phase: 'report',
      code: codeOf(status),
      retryable: isPassingStatus(status),
      retryAfterMs: answer.retryAfterMs,
      ...(hint === undefined ? {} : { hint }),
    });
    this.status = status;
  }
}

/** Whether a call was turned away since too many came before it. */
export function isRateLimit(thrown: unknown): boolean {
  return thrown instanceof RefusedCall && thrown.status === 429;
}

function reasonOf({ status, statusText, message }: ErrorAnswer, peer: string): string {
  const answered = `${peer} answered ${[status, statusText].filter(Boolean).join(' ')}`;
  return message === '' ? answered : `${answered}: ${message}`;
}

function codeOf(status: number): FailureCode {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'not-found';
  return isPassingStatus(status) ? 'unreachable' : 'failed';
}

/** What to do about a token that is refused: names the scope that it lacks. */
export function adviseOnToken(
  { status, requiredScopes }: ErrorAnswer,
  needed: NeededScope,
): string | undefined {
  const scope = `scope "${needed.accessToken}" (${apiTokenScopes(needed)})`;
  switch (status) {
    case 401:
      return `Check that the token is right and has not expired; it needs the ${scope}`;
    case 403: {
      const known = new Set([needed.accessToken, needed.apiToken, needed.alsoApiToken]);
      const others = requiredScopes.filter((name) => !known.has(name));
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

function apiTokenScopes({ apiToken, alsoApiToken }: NeededScope): string {
  const also = alsoApiToken === undefined ? '' : `, and "${alsoApiToken}" where that is not enough`;
  return `API token: "${apiToken}"${also}`;
}

/** What to do about the proxy of a step, whose rights nobody can change: it is good for reports and nothing else. */
export function adviseOnProxy({ status }: ErrorAnswer): string | undefined {
  if (status === 401 || status === 403)
    return 'Hand over an access token as BITBUCKET_ACCESS_TOKEN: the proxy takes reports of its own repository only';
  return status === 404 ? 'Check that the commit is pushed to this repository' : undefined;
}

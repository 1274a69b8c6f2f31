import { systemClock, type Clock } from '../../kernel/clock.ts';
import { PreheatError } from '../../kernel/failure.ts';
import type { Redactor } from '../../kernel/redact.ts';
import { HTTP_POLICY, repeatable } from '../../kernel/repeat-http.ts';
import { retry } from '../../kernel/retry.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { callApi, type ApiAnswer } from './call-api.ts';
import { isRateLimit, type NeededScope } from './refusal.ts';
import { BITBUCKET_API, repositoryUrl, type BitbucketRepository } from './repository-url.ts';
import type { CallPriority, RequestBudget } from './request-budget.ts';
import type { ApiTransport, OutgoingRequest } from './transport.ts';

/** What all calls of one repository have in common. */
export interface ApiClientOptions extends BitbucketRepository {
  /** `https://api.bitbucket.org/2.0` by default; a slash at its end does no harm. */
  readonly baseUrl?: string;
  /** Masks secrets in what is thrown. */
  readonly redactor: Redactor;
  /** By default nothing bounds the calls. */
  readonly budget?: RequestBudget | undefined;
  readonly clock?: Clock;
  /** A number in [0, 1) for the jitter. */
  readonly random?: () => number;
}

/** A call below the repository's address. */
export interface ApiRequest {
  readonly method: OutgoingRequest['method'];
  /** Parts of the path, or the whole address of a next page as Bitbucket gave it. */
  readonly at: readonly string[] | { readonly next: string };
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** What the call is for, behind `cannot`. */
  readonly action: string;
  readonly scope: NeededScope;
  /** Answers other than successes that are no failure. */
  readonly accept?: readonly number[];
  /** `optional` by default. */
  readonly priority?: CallPriority;
  /**
   * When it is sent again: by default after all failures that may pass; `unless-done` only where the answer says that it was
   * not carried out, for what must not happen twice.
   */
  readonly repeat?: 'unless-done';
}

/** Calls of the API of one repository. */
export interface ApiClient {
  /**
   * Calls, and repeats up to three times on 408, 429, 5xx and network failures, with growing waits. Throws like
   * {@link callApi}, or as the budget does.
   */
  call(request: ApiRequest, options: CallOptions): Promise<ApiAnswer>;
  /** Repeats other work in the same way, where `isWorth` says so of its failure. */
  repeat<T>(
    work: () => Promise<T>,
    isWorth: (thrown: unknown) => boolean | number,
    options: CallOptions,
  ): Promise<T>;
}

/** Creates a client that takes one way to the API. */
export function createApiClient(transport: ApiTransport, options: ApiClientOptions): ApiClient {
  const { redactor, budget } = options;
  const repeat: ApiClient['repeat'] = async (work, isWorth, { signal }) =>
    await repeated(work, isWorth, signal, options);
  return {
    repeat,
    async call({ body, ...request }, { signal }) {
      const { action, priority = 'optional' } = request;
      const url = addressOf(request, options);
      budget?.take(action, priority);
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const attempt = async () => await callApi({ ...request, ...sent, url, transport, redactor, signal });
      const isWorth = request.repeat === 'unless-done' ? ifTurnedAway : repeatable;
      try {
        return await repeat(attempt, isWorth, { signal });
      } catch (thrown) {
        if (isRateLimit(thrown)) budget?.exhaust();
        throw thrown;
      }
    },
  };
}

/** A gateway that fails may have let the call through; who asks too often was surely turned away. */
function ifTurnedAway(thrown: unknown): boolean | number {
  return isRateLimit(thrown) && repeatable(thrown);
}

async function repeated<T>(
  work: () => Promise<T>,
  retryable: (thrown: unknown) => boolean | number,
  signal: AbortSignal,
  { clock = systemClock, random }: ApiClientOptions,
): Promise<T> {
  let last: unknown;
  try {
    return await retry(work, {
      policy: HTTP_POLICY,
      clock,
      signal,
      retryable,
      onRetry: (thrown) => (last = thrown),
      ...(random === undefined ? {} : { random }),
    });
  } catch (thrown) {
    // When the deadline ends the waiting between two attempts, the failure of the last one says more.
    throw signal.aborted ? (last ?? thrown) : thrown;
  }
}

function addressOf(
  { at, query, action }: Pick<ApiRequest, 'at' | 'query' | 'action'>,
  { baseUrl = BITBUCKET_API, ...repository }: ApiClientOptions,
): string {
  if ('next' in at) return nextPage(at.next, baseUrl, action);
  const url = repositoryUrl(baseUrl, repository, at, action);
  return query === undefined ? url : `${url}?${new URLSearchParams(query).toString()}`;
}

/** A credential goes nowhere but to the API, whatever an answer says. */
function nextPage(next: string, baseUrl: string, action: string): string {
  if (URL.parse(next)?.origin === new URL(baseUrl).origin) return next;
  throw new PreheatError(`cannot ${action}: the next page lies elsewhere than the API`, { phase: 'report' });
}

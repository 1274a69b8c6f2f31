import type { Clock } from './clock.ts';

export interface RetryPolicy {
  /** How often `work` may run in all. */
  readonly attempts: number;
  /** The wait before the second attempt, in milliseconds; it doubles each time. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether another attempt makes sense, or the least wait in milliseconds that the other side asked for. */
  readonly retryable: (thrown: unknown) => boolean | number;
  readonly onRetry?: (thrown: unknown, attempt: number, delayMs: number) => void;
  /** A number in [0, 1) for the jitter. */
  readonly random?: () => number;
}

/** Runs `work` until it succeeds, fails for good, or the attempts are used up; throws the last failure. */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (thrown) {
      const verdict = options.signal.aborted ? false : options.retryable(thrown);
      if (verdict === false || attempt >= options.policy.attempts) throw thrown;
      const delayMs = Math.max(delayBefore(attempt, options), verdict === true ? 0 : verdict);
      options.onRetry?.(thrown, attempt, delayMs);
      await options.clock.sleep(delayMs, options.signal);
    }
  }
}

/** Doubling with up to 25 % of jitter, so that parallel runs which failed together do not come back together. */
function delayBefore(attempt: number, { policy, random = Math.random }: RetryOptions): number {
  const doubled = Math.min(policy.firstDelayMs * 2 ** (attempt - 1), policy.longestDelayMs);
  return Math.round(doubled * (1 + random() / 4));
}

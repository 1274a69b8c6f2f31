import { PreheatError } from './failure.ts';
import type { RetryPolicy } from './retry.ts';

/** How calls of HTTP APIs are repeated that may be. */
export const HTTP_POLICY: RetryPolicy = { attempts: 4, firstDelayMs: 500, longestDelayMs: 4_000 };

/** A server may ask for minutes; nobody who waits for a build does. */
const LONGEST_WAIT_MS = 10_000;

/** Whether a status says that the trouble may pass (RFC 9110, 15.5.9 and 15.6; RFC 6585, 4). */
export function isPassingStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** For {@link retry}: what says of itself that it may be repeated is, no sooner than it asks for and in bounds. */
export function repeatable(thrown: unknown): boolean | number {
  if (!(thrown instanceof PreheatError) || !thrown.retryable) return false;
  return thrown.retryAfterMs === undefined ? true : Math.min(thrown.retryAfterMs, LONGEST_WAIT_MS);
}

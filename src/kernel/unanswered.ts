import { messageOf, PreheatError, type Phase } from './failure.ts';
import type { Redactor } from './redact.ts';

/**
 * Why `fetch` had no answer, on one line. fetch itself says `fetch failed`; what failed stands in its cause, which is an
 * `AggregateError` for two addresses. `longestMs` is the deadline that the call had.
 */
function networkReason(thrown: unknown, longestMs: number): string {
  if (!(thrown instanceof Error)) return messageOf(thrown);
  if (thrown.name === 'TimeoutError') return `no answer within ${longestMs / 1000} s`;
  const { cause } = thrown;
  if (cause instanceof AggregateError) return cause.errors.map(messageOf).join('; ');
  return cause instanceof Error ? messageOf(cause) : messageOf(thrown);
}

export interface UnansweredCall {
  /** What the call was for, behind `cannot`. */
  readonly action: string;
  readonly phase: Phase;
  readonly hint: string;
  /** After how many milliseconds it was given up. */
  readonly longestMs: number;
  readonly redactor: Redactor;
}

/**
 * The failure of an HTTP call that nobody answered, which may be repeated. It has no cause: fetch quotes headers, and
 * with them the token, in some of its messages.
 */
export function unanswered(
  thrown: unknown,
  { action, phase, hint, longestMs, redactor }: UnansweredCall,
): PreheatError {
  const why = redactor.redact(networkReason(thrown, longestMs));
  return new PreheatError(`cannot ${action}: ${why}`, { phase, code: 'unreachable', retryable: true, hint });
}

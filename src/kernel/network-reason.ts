import { messageOf } from './failure.ts';

/**
 * Why `fetch` had no answer, on one line. fetch itself says `fetch failed`; what failed stands in its cause, which is an
 * `AggregateError` for two addresses. `longestMs` is the deadline that the call had.
 */
export function networkReason(thrown: unknown, longestMs: number): string {
  if (!(thrown instanceof Error)) return messageOf(thrown);
  if (thrown.name === 'TimeoutError') return `no answer within ${longestMs / 1000} s`;
  const { cause } = thrown;
  if (cause instanceof AggregateError) return cause.errors.map(messageOf).join('; ');
  return cause instanceof Error ? messageOf(cause) : messageOf(thrown);
}

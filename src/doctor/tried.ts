import { withDeadline } from '../kernel/deadline.ts';
import { messageOf, PreheatError, type FailureCode, type Phase } from '../kernel/failure.ts';
import type { CallOptions } from '../oci/content-store.ts';

/** What came of asking for something. */
export type Tried<T> =
  | { readonly kind: 'done'; readonly value: T }
  | {
      readonly kind: 'failed';
      /** As messages of a `PreheatError` read. */
      readonly message: string;
      readonly hint?: string;
      readonly code: FailureCode;
      /** Of a `PreheatError`. */
      readonly phase?: Phase;
    };

/**
 * Does something for at most `deadlineMs`. Failures become part of the answer, so that one check never stops another;
 * only when `signal` aborts, its reason is thrown.
 */
export async function tried<T>(
  what: string,
  work: (options: CallOptions) => Promise<T>,
  { signal, deadlineMs }: CallOptions & { readonly deadlineMs: number },
): Promise<Tried<T>> {
  const bounded = withDeadline(signal, deadlineMs);
  try {
    return { kind: 'done', value: await work({ signal: bounded }) };
  } catch (thrown) {
    signal.throwIfAborted();
    if (bounded.aborted && !(thrown instanceof PreheatError)) {
      const message = `cannot ${what}: no answer within ${deadlineMs / 1000} s`;
      return { kind: 'failed', message, code: 'unreachable' };
    }
    return failureOf(what, thrown);
  }
}

function failureOf(what: string, thrown: unknown): Tried<never> {
  if (!(thrown instanceof PreheatError))
    return { kind: 'failed', message: `cannot ${what}: ${messageOf(thrown)}`, code: 'failed' };
  const { hint, code, phase } = thrown;
  const message = messageOf(thrown);
  return { kind: 'failed', message, ...(hint === undefined ? {} : { hint }), code, phase };
}

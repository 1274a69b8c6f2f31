import { withDeadline } from '../kernel/deadline.ts';
import type { PreheatError } from '../kernel/failure.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { deliveryFailure } from './deliver.ts';

/** One thing that is told once, when a run has ended. */
export interface DeliveryPart {
  /** What it does, behind `cannot`. */
  readonly action: string;
  readonly send: (options: CallOptions) => Promise<void>;
}

/** How long all parts may take together, in milliseconds. */
const DEADLINE_MS = 45_000;

/**
 * Delivers parts one after the other; what goes wrong with one holds up no other. Returns the failures and never rejects. It
 * has its own deadline and takes no signal of the run, as {@link createDelivery} has it.
 */
export async function deliverParts(
  parts: readonly DeliveryPart[],
  deadlineMs: number = DEADLINE_MS,
): Promise<readonly PreheatError[]> {
  const signal = withDeadline(new AbortController().signal, deadlineMs);
  const failures: PreheatError[] = [];
  for (const { action, send } of parts) {
    try {
      signal.throwIfAborted();
      await send({ signal });
    } catch (thrown) {
      failures.push(deliveryFailure(action, thrown, deadlineMs));
    }
  }
  return failures;
}

import { systemClock, type Clock } from '../kernel/clock.ts';
import { withDeadline } from '../kernel/deadline.ts';
import { isAbort, messageOf, PreheatError } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import type { BuildStatus, Forge } from './forge.ts';

export interface DeliveryOptions {
  readonly forge: Pick<Forge, 'setStatus'>;
  readonly log: Log;
  /** Whether a status that cannot be delivered is an error of the run; otherwise it is one warning. */
  readonly strict?: boolean;
  /** How long one status may take in all, in milliseconds; 20 s by default. */
  readonly deadlineMs?: number;
  readonly clock?: Clock;
}

/** Delivers the statuses of one run, in order. */
export interface Delivery {
  /**
   * Sends one status and resolves when it arrived or was given up; never rejects. Resolves to the failure where
   * delivery is strict, to nothing otherwise. It has its own deadline and takes no signal of the run, because the
   * final status of an interrupted run must still arrive: one left at `INPROGRESS` can block a merge.
   */
  send(status: BuildStatus): Promise<PreheatError | undefined>;
  /**
   * Whether an earlier run reported on the commit, as the first status that arrived told; taken for true where none did,
   * since then it may have.
   */
  replacedEarlier(): boolean;
}

const DEADLINE_MS = 20_000;
const GRACE_MS = 2_000;

interface Sending {
  readonly settled: Promise<unknown>;
  readonly supersede: AbortController;
}

/**
 * Creates the delivery of a run. A status that is overtaken by the next gets two more seconds and is then given up
 * without a word, so that an early `INPROGRESS` can neither arrive after the final status nor hold it up.
 */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { clock = systemClock } = options;
  let last: Sending | undefined;
  let replaced: boolean | undefined;
  const setStatus: Forge['setStatus'] = async (status, call) => {
    const receipt = await options.forge.setStatus(status, call);
    replaced ??= receipt.replaced;
    return receipt;
  };
  return {
    replacedEarlier: () => replaced ?? true,
    send(status) {
      const overtaken = last;
      const supersede = new AbortController();
      const settled = (async () => {
        if (overtaken !== undefined) await giveWay(overtaken, clock);
        return attempt(status, supersede.signal, { ...options, forge: { setStatus } });
      })();
      last = { settled, supersede };
      return settled;
    },
  };
}

async function giveWay({ settled, supersede }: Sending, clock: Clock): Promise<void> {
  const waiting = new AbortController();
  const grace = clock.sleep(GRACE_MS, waiting.signal).catch(() => undefined);
  await Promise.race([settled, grace]);
  waiting.abort();
  supersede.abort();
  await settled;
}

async function attempt(
  status: BuildStatus,
  superseded: AbortSignal,
  { forge, log, strict = false, deadlineMs = DEADLINE_MS }: DeliveryOptions,
): Promise<PreheatError | undefined> {
  try {
    await forge.setStatus(status, { signal: withDeadline(superseded, deadlineMs) });
    return undefined;
  } catch (thrown) {
    if (superseded.aborted) return undefined;
    const failure = deliveryFailure('report the build status', thrown, deadlineMs);
    if (strict) return failure;
    log.warn(failure.hint === undefined ? failure.message : `${failure.message}. ${failure.hint}`);
    return undefined;
  }
}

/** What a report that did not arrive within its deadline fails with. */
export function deliveryFailure(action: string, thrown: unknown, deadlineMs: number): PreheatError {
  if (thrown instanceof PreheatError && thrown.phase === 'report') return thrown;
  const why = isAbort(thrown) ? `no answer within ${deadlineMs / 1000} s` : messageOf(thrown);
  return new PreheatError(`cannot ${action}: ${why}`, { phase: 'report', cause: thrown });
}

import { setTimeout as sleepFor } from 'node:timers/promises';

/** Time as stages see it, so that tests can stop it. */
export interface Clock {
  now(): Date;
  /** Resolves after `milliseconds`; rejects with an `AbortError` when `signal` aborts first. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    await sleepFor(milliseconds, undefined, { signal });
  },
};

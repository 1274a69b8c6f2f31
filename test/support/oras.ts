import type { Clock } from '../../src/kernel/clock.ts';
import { createOras, type Oras } from '../../src/adapters/oras/oras.ts';
import type { OrasOptions } from '../../src/adapters/oras/oras-options.ts';

/** A clock whose sleeps last no time and are remembered. */
export interface InstantClock extends Clock {
  readonly sleeps: number[];
}

export function instantClock(): InstantClock {
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => new Date(0),
    sleep: async (milliseconds, signal) => {
      signal.throwIfAborted();
      sleeps.push(milliseconds);
    },
  };
}

/** Oras as the product runs it, from the PATH, without waiting between attempts. */
export function testOras(options: Partial<OrasOptions> = {}): Oras {
  return createOras({
    binary: async () => 'oras',
    credentials: { credentialsFor: async () => undefined },
    clock: instantClock(),
    ...options,
  });
}

import type { Clock } from '../../src/kernel/clock.ts';

/** A clock that only a test moves; sleeping moves it at once, and is remembered. */
export interface HandClock extends Clock {
  readonly sleeps: readonly number[];
  pass(milliseconds: number): void;
}

/** Starts a clock at a moment that is nothing special. */
export function handClock(start = Date.UTC(2026, 0, 2, 3, 4, 5)): HandClock {
  const sleeps: number[] = [];
  let at = start;
  return {
    sleeps,
    now: () => new Date(at),
    sleep: async (milliseconds, signal) => {
      signal.throwIfAborted();
      sleeps.push(milliseconds);
      at += milliseconds;
    },
    pass: (milliseconds) => void (at += milliseconds),
  };
}

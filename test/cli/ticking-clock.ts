import type { Clock } from '../../src/kernel/clock.ts';

/** A clock that stands still until it is advanced. */
export interface TickingClock extends Clock {
  /** Lets time pass and wakes who sleeps until then, in order, each with what it does next. */
  advance(milliseconds: number): Promise<void>;
  /** How many sleep. */
  readonly sleepers: number;
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** Creates a clock that stands at the epoch. */
export function createTickingClock(): TickingClock {
  let now = 0;
  const sleeping = new Set<Sleeper>();
  const next = (): Sleeper | undefined => [...sleeping].toSorted((a, b) => a.until - b.until)[0];
  return {
    now: () => new Date(now),
    sleep: (milliseconds, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const sleeper = { until: now + milliseconds, wake: resolve };
      sleeping.add(sleeper);
      const stop = (): void => {
        sleeping.delete(sleeper);
        reject(new DOMException('stopped', 'AbortError'));
      };
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      return promise.finally(() => signal.removeEventListener('abort', stop));
    },
    async advance(milliseconds) {
      const end = now + milliseconds;
      for (let sleeper = next(); sleeper !== undefined && sleeper.until <= end; sleeper = next()) {
        now = sleeper.until;
        sleeping.delete(sleeper);
        sleeper.wake();
        await settled();
      }
      now = end;
    },
    get sleepers() {
      return sleeping.size;
    },
  };
}

/** Lets everything run that waits for no time. */
async function settled(): Promise<void> {
  await new Promise((resolve) => void setImmediate(resolve));
}

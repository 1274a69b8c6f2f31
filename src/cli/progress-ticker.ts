import type { Clock } from '../kernel/clock.ts';

/** Calls something at intervals while it is started. */
export interface Ticker extends Disposable {
  start(): void;
  stop(): void;
}

/** Creates a ticker that stands still. A started one keeps the process alive: stop or dispose it. */
export function createTicker(clock: Clock, intervalMs: number, onTick: () => void): Ticker {
  let running: AbortController | undefined;
  const stop = (): void => {
    running?.abort();
    running = undefined;
  };
  const start = (): void => {
    if (running !== undefined) return;
    running = new AbortController();
    void tick(running.signal);
  };
  const tick = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      // The only failure of a sleep is that it was stopped.
      const slept = await clock.sleep(intervalMs, signal).then(
        () => true,
        () => false,
      );
      if (!slept || signal.aborted) return;
      onTick();
    }
  };
  return { start, stop, [Symbol.dispose]: stop };
}

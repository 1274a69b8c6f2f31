import { PreheatError } from '../kernel/failure.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Turns SIGINT, SIGTERM and SIGHUP into one abort of everything that runs. A second signal ends the program at once,
 * for people whose patience is at an end; what then stays is swept by the next run.
 */
export function abortOnSignals(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(interruption(name));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}

/** What an interrupted run fails with. */
export function interruption(by: string): PreheatError {
  return new PreheatError(`interrupted by ${by}`, { phase: 'build', code: 'interrupted' });
}

import { messageOf, PreheatError } from '../kernel/failure.ts';

/** As Node ends a program by itself. */
const CRASHED = 1;
const LONGEST_ENDING_MS = 90_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Turns SIGINT, SIGTERM and SIGHUP into one abort of everything that runs. A second signal ends the program at once,
 * for people whose patience is at an end; what then stays is swept by the next run. An error that nobody caught, which would
 * end the program without a word to those who wait for it, aborts likewise.
 */
export function abortOnSignals(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(interruption(name));
  };
  const onCrash = (thrown: unknown): void => {
    // What a run that is ending breaks on its way says nothing new.
    if (controller.signal.aborted) return;
    controller.abort(crash(thrown));
    // Nobody may settle what the crash left open, and a step that hangs tells no one.
    setTimeout(() => process.exit(CRASHED), LONGEST_ENDING_MS).unref();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  // Rejections that nobody handles come this way too (https://nodejs.org/api/process.html#event-uncaughtexception).
  process.on('uncaughtException', onCrash);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of SIGNALS) process.off(name, onSignal);
      process.off('uncaughtException', onCrash);
    },
  };
}

function crash(thrown: unknown): PreheatError {
  return new PreheatError(`the run crashed: ${messageOf(thrown)}`, {
    phase: 'build',
    hint: 'Report this as a defect of preheat, with the output of --debug.',
    cause: thrown,
  });
}

/** What an interrupted run fails with. */
export function interruption(by: string): PreheatError {
  return new PreheatError(`interrupted by ${by}`, { phase: 'build', code: 'interrupted' });
}

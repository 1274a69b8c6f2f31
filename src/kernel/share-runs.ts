interface Options {
  readonly signal: AbortSignal;
}

interface Run<T> {
  readonly ending: Promise<T>;
  readonly abort: AbortController;
  waiting: number;
}

/**
 * Lets calls at the same time share one run of `work`. A call that aborts leaves the run to the others; the run itself
 * is aborted when nobody waits for it any more. A run that has ended is not remembered, however it ended.
 */
export function shareRuns<T>(work: (options: Options) => Promise<T>): (options: Options) => Promise<T> {
  let current: Run<T> | undefined;
  const forget = (run: Run<T>): void => {
    if (current === run) current = undefined;
  };
  const begin = (): Run<T> => {
    const abort = new AbortController();
    const run = { ending: work({ signal: abort.signal }), abort, waiting: 0 };
    run.ending.then(
      () => forget(run),
      () => forget(run),
    );
    return run;
  };
  return async ({ signal }) => {
    signal.throwIfAborted();
    const run = (current ??= begin());
    run.waiting++;
    try {
      return await orAborted(run.ending, signal);
    } finally {
      run.waiting--;
      if (run.waiting === 0) {
        forget(run);
        run.abort.abort(signal.reason);
      }
    }
  };
}

/** What `ending` comes to, or the reason of `signal` where that aborts first. */
async function orAborted<T>(ending: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([ending, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

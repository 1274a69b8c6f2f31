interface Options {
  readonly signal: AbortSignal;
}

/** Pieces of work of which most go on one after the other. What has not ended when it is disposed of is given up, and waited for. */
export interface Turns extends AsyncDisposable {
  /** Aborts when what has not ended is given up. */
  readonly ended: AbortSignal;
  /** Begins `work` when all before it has ended, however it did; its signal aborts for `ended` too. */
  take<T>(work: (options: Options) => Promise<T>): Promise<T>;
  /** Begins `work` at once, beside whatever goes on. */
  join<T>(work: (options: Options) => Promise<T>): Promise<T>;
}

/** Opens turns that nobody has taken. */
export function openTurns({ signal }: Options): Turns {
  const end = new AbortController();
  const options = { signal: AbortSignal.any([signal, end.signal]) };
  let last: Promise<unknown> = Promise.resolve();
  const joined: Promise<unknown>[] = [];
  return {
    ended: end.signal,
    async take(work) {
      const before = last;
      const working = (async () => {
        await before;
        options.signal.throwIfAborted();
        return await work(options);
      })();
      last = working.catch(() => undefined);
      return await working;
    },
    async join(work) {
      options.signal.throwIfAborted();
      const working = work(options);
      joined.push(working.catch(() => undefined));
      return await working;
    },
    async [Symbol.asyncDispose]() {
      end.abort();
      await Promise.all([last, ...joined]);
    },
  };
}

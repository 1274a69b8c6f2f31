import type { Level, LogSink } from '../kernel/log.ts';
import type { ProgressView } from './progress-view.ts';

/** How much of a run a reader wants: `quiet` is warnings, errors and the result; `debug` is everything. */
export type Verbosity = 'quiet' | 'usual' | 'debug';

const HIDDEN: Readonly<Record<Verbosity, readonly Level[]>> = {
  quiet: ['debug', 'info'],
  usual: ['debug'],
  debug: [],
};

/** A view that is given only what `verbosity` lets through. */
export function filteredProgress(view: ProgressView, verbosity: Verbosity): ProgressView {
  const hidden = HIDDEN[verbosity];
  const sink: LogSink = (event) => {
    const shown = event.type === 'message' ? !hidden.includes(event.level) : verbosity !== 'quiet';
    if (shown) view.sink(event);
  };
  return { ...view, sink, [Symbol.dispose]: () => view[Symbol.dispose]() };
}

import type { LogSink } from '../kernel/log.ts';

/**
 * Shows a run to people while it goes on. Disposing writes what is still held back and leaves the terminal as it
 * was.
 */
export interface ProgressView extends Disposable {
  readonly sink: LogSink;
  /** Writes the lines of the run's result, which every view shows. */
  conclude(lines: readonly string[]): void;
}

import type { Writable } from 'node:stream';

/**
 * Lets a run go on whose reader went away (`preheat build 2>&1 | head`, a log that was closed): it has still to clean
 * up and to report. What is written from then on is lost, as it would be in a file that nobody reads.
 */
export function surviveClosedPipes(streams: readonly Writable[]): void {
  for (const stream of streams) stream.on('error', () => undefined);
}

import { linesOf } from '../kernel/lines.ts';
import type { Execution } from './engine.ts';

/** A task that runs, or whose shell has ended while something that it started still prints. */
export interface FollowedTask {
  /** The exit code of the task's shell. */
  readonly ended: Promise<number>;
  /** Resolves when nothing can print any more; never rejects. */
  readonly silent: Promise<void>;
}

/**
 * Reads what a task prints, line by line, to the very end, also after its shell has ended: nobody who writes to a pipe
 * that is not read gets on. The shell has ended where the line `<marker> <exit code>` comes, or with the execution
 * itself, where that was killed. `mask` masks secrets in lines that are so long that they come in pieces.
 */
export function followTask(
  execution: Execution,
  marker: string,
  onLine: (line: string) => void,
  mask?: (text: string) => string,
): FollowedTask {
  const ended = Promise.withResolvers<number>();
  const reading = Promise.all([
    readOutput(linesOf(execution.stdout, mask), marker, { onLine, onEnd: ended.resolve }),
    readOutput(linesOf(execution.stderr, mask), marker, { onLine, onEnd: () => undefined }),
  ]);
  const silent = reading.then(async () => ended.resolve(await execution.exitCode)).catch(ended.reject);
  return { ended: ended.promise, silent };
}

interface OutputSink {
  readonly onLine: (line: string) => void;
  readonly onEnd: (exitCode: number) => void;
}

/**
 * Before the marker stands a line feed, so that it begins a line; if that line is empty, it is not the task's. Yet bash
 * writes that line feed by itself, so that what runs in the background may print in between, even so much that the line
 * is cut within the marker: hence the marker is looked for at the end of lines, the end of the one before included.
 */
async function readOutput(lines: AsyncIterable<string>, marker: string, sink: OutputSink): Promise<void> {
  let heldBack = false;
  let tail = '';
  for await (const line of lines) {
    const end = endIn(tail + line, marker);
    if (heldBack && end === undefined) sink.onLine('');
    heldBack = line === '';
    const printed = end === undefined ? line : line.slice(0, Math.max(end.at - tail.length, 0));
    if (printed !== '') sink.onLine(printed);
    if (end !== undefined) sink.onEnd(end.exitCode);
    tail = line.slice(-marker.length - 1);
  }
  if (heldBack) sink.onLine('');
}

/** Where the marker begins in a text that ends with it and an exit code. */
function endIn(text: string, marker: string): { readonly at: number; readonly exitCode: number } | undefined {
  const at = text.lastIndexOf(`${marker} `);
  const code = at < 0 ? '' : text.slice(at + marker.length + 1);
  return /^\d+$/.test(code) ? { at, exitCode: Number(code) } : undefined;
}

import * as z from 'zod';
import { textLines } from './text-lines.ts';

const LONGEST_LINE = 1024 * 1024;

const ProgressLine = z.object({
  status: z.string().optional(),
  /** Which layer the line is about. */
  id: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).nullish(),
  /** What a build or a load prints. */
  stream: z.string().optional(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string().optional() }).nullish(),
});

/** One report of a pull or a load (Engine API, `JSONMessage`). */
export type ProgressLine = Readonly<z.infer<typeof ProgressLine>>;

/** A failure that the engine reports after it has already answered with HTTP status 200. */
export class ReportedFailure extends Error {
  override readonly name = 'ReportedFailure';
}

/**
 * Reads what the engine reports while it pulls or loads: JSON objects, each on a line. A report of a failure is thrown
 * as {@link ReportedFailure} with the engine's words; what is not JSON as an `Error`.
 */
export async function* progressLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ProgressLine> {
  for await (const text of textLines(chunks, LONGEST_LINE)) {
    if (text.trim() === '') continue;
    const line = parseLine(text);
    const failure = line.errorDetail?.message ?? line.error;
    if (failure !== undefined) throw new ReportedFailure(failure);
    yield line;
  }
}

function parseLine(text: string): ProgressLine {
  try {
    return ProgressLine.parse(JSON.parse(text));
  } catch (thrown) {
    throw new Error(`the engine reports what cannot be read: ${text.slice(0, 200)}`, { cause: thrown });
  }
}

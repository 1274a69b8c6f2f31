import { StringDecoder } from 'node:string_decoder';
import type { BuildStatus, Vertex } from './build-status.ts';

/** An instruction of a Dockerfile that failed. */
export interface FailedInstruction {
  readonly instruction: string;
  readonly output: readonly string[];
}

/** Follows a build by what BuildKit tells of it. */
export interface BuildFollower {
  take(status: BuildStatus): void;
  /** The first instruction that failed. */
  failed(): FailedInstruction | undefined;
}

const MOST_OUTPUT_LINES = 50;
const LONGEST_LINE = 16 * 1024;

interface Printed {
  readonly decoder: StringDecoder;
  readonly lines: string[];
  rest: string;
}

/** Tells of instructions when they begin and of each line that they print, in the manner of `docker build`. */
export function followBuild(tell: {
  readonly onProgress: (detail: string) => void;
  readonly onOutput: (line: string) => void;
}): BuildFollower {
  const begun = new Set<string>();
  const printed = new Map<string, Printed>();
  let failure: Vertex | undefined;

  const takeVertex = (vertex: Vertex): void => {
    const { digest, name, cached, started, error } = vertex;
    if (error !== '' && instructionOf(name) !== undefined) failure ??= vertex;
    if (!started || begun.has(digest)) return;
    begun.add(digest);
    tell.onProgress(name);
    if (instructionOf(name) !== undefined) tell.onOutput(cached ? `${name} (cached)` : name);
  };
  const takeLine = ({ lines }: Printed, line: string): void => {
    tell.onOutput(line);
    lines.push(line);
    if (lines.length > MOST_OUTPUT_LINES) lines.shift();
  };
  return {
    take({ vertexes, logs }) {
      for (const vertex of vertexes) takeVertex(vertex);
      for (const { vertex, msg } of logs) {
        const found = printed.get(vertex) ?? { decoder: new StringDecoder('utf8'), lines: [], rest: '' };
        printed.set(vertex, found);
        for (const line of completeLines(found, msg)) takeLine(found, line);
      }
    },
    failed() {
      if (failure === undefined) return undefined;
      const found = printed.get(failure.digest);
      if (found !== undefined && found.rest !== '') takeLine(found, found.rest);
      return { instruction: instructionOf(failure.name) ?? failure.name, output: found?.lines ?? [] };
    },
  };
}

function completeLines(printed: Printed, bytes: Uint8Array): readonly string[] {
  printed.rest += printed.decoder.write(Buffer.from(bytes));
  const lines = printed.rest.split(/\r\n|\n|\r(?!$)/);
  printed.rest = lines.pop() ?? '';
  if (printed.rest.length > LONGEST_LINE) {
    lines.push(printed.rest);
    printed.rest = '';
  }
  return lines;
}

/** The instruction in `[stage 2/3] RUN make`; `undefined` for what BuildKit does of itself. */
function instructionOf(name: string): string | undefined {
  return /^\[(?!internal\])[^\]]*\] (.+)$/s.exec(name)?.[1];
}

import { execa } from 'execa';
import { gitOptions, toFailure, type GitCall, type GitPlace } from './git-command.ts';

/**
 * Runs git and gives what it prints, piece by piece. Git is ended where the reader stops early. Throws a `PreheatError`
 * with git's own words.
 */
export async function* gitPieces(
  place: GitPlace,
  args: readonly string[],
  call: Omit<GitCall, 'input'>,
): AsyncGenerator<Buffer> {
  const options = { ...gitOptions(place, call), stdin: 'ignore', buffer: { stdout: false } } as const;
  const git = execa(place.program, args, options);
  // A failure is told once the output has been read; this keeps it from being unhandled until then.
  const ended = git.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  try {
    const output: AsyncIterable<Buffer> = git.stdout;
    yield* output;
  } catch (thrown) {
    throw toFailure((await ended) ?? thrown, place, call);
  } finally {
    git.kill();
  }
  const failure = await ended;
  if (failure !== undefined) throw toFailure(failure, place, call);
}

/**
 * Cuts pieces anew, so that each is made of whole lines; the last may lack its end. Memory stays bounded by the longest
 * line.
 */
export async function* wholeLines(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const bytes of pieces) {
    const end = bytes.lastIndexOf('\n') + 1;
    if (end > 0) {
      yield Buffer.concat([...rest, bytes.subarray(0, end)]);
      rest = [];
    }
    if (end < bytes.length) rest.push(bytes.subarray(end));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

/** Where the lines of a piece begin, and where they end, without their ends. */
export function* linesIn(piece: Buffer): Generator<readonly [from: number, to: number]> {
  for (let from = 0; from < piece.length;) {
    const end = piece.indexOf('\n', from);
    const to = end < 0 ? piece.length : end;
    yield [from, to];
    from = to + 1;
  }
}

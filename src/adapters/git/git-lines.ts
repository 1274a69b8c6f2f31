import { execa } from 'execa';
import { gitOptions, toFailure, type GitCall, type GitPlace } from './git-command.ts';

/**
 * Runs git and gives what it prints piece by piece, as raw bytes in latin1 text without the `end` behind each. Memory
 * stays bounded by the longest piece. Git is ended where the reader stops early. Throws a `PreheatError` with git's own
 * words.
 */
export async function* gitLines(
  place: GitPlace,
  args: readonly string[],
  call: Omit<GitCall, 'input'>,
  end: '\n' | '\0' = '\n',
): AsyncGenerator<string> {
  const options = { ...gitOptions(place, call), stdin: 'ignore', buffer: { stdout: false } } as const;
  const git = execa(place.program, args, options);
  // A failure is told once the output has been read; this keeps it from being unhandled until then.
  const ended = git.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  try {
    yield* piecesOf(git.stdout, end);
  } catch (thrown) {
    throw toFailure((await ended) ?? thrown, place, call);
  } finally {
    git.kill();
  }
  const failure = await ended;
  if (failure !== undefined) throw toFailure(failure, place, call);
}

async function* piecesOf(chunks: AsyncIterable<Uint8Array>, end: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const pieces = (rest + Buffer.from(chunk).toString('latin1')).split(end);
    rest = pieces.pop() ?? '';
    yield* pieces;
  }
  if (rest !== '') yield rest;
}

import { open, unlink, type FileHandle } from 'node:fs/promises';
import { temporaryFailure } from '../../kernel/temporary-failure.ts';
import { gitOptions, toFailure, type GitCall, type GitPlace } from './git-command.ts';
import { startGitProcess } from './git-process.ts';

/** What git printed, until it is disposed of. */
export interface GitPrinted extends AsyncDisposable {
  /** All of it. */
  read(): Promise<Buffer>;
  /**
   * The same in pieces of whole lines, the last of which may lack its end; each is good until the next is asked for.
   * Pieces have a quarter of a MiB, or a line where that is longer.
   */
  lines(): AsyncGenerator<Buffer>;
}

const PIECE_BYTES = 256 * 1024;

/**
 * Runs git to its end with its output in a file, which has no name any more once git runs. For lists of 100,000 things:
 * into a pipe git writes 4 KiB at a time, or each line by itself, and to take so many pieces costs several times what
 * git needs. `file` is a path where nothing lies yet. Throws a `PreheatError` with git's own words.
 */
export async function printToFile(
  place: GitPlace,
  args: readonly string[],
  file: string,
  call: Omit<GitCall, 'input'>,
): Promise<GitPrinted> {
  await using stack = new AsyncDisposableStack();
  const handle = stack.use(await openUnnamed(file, place));
  try {
    const options = { ...gitOptions(place, call), stdin: 'ignore', stdout: handle.fd } as const;
    await startGitProcess(place.program, args, options).ended;
  } catch (thrown) {
    throw toFailure(thrown, place, call);
  }
  const { size } = await handle.stat();
  const owned = stack.move();
  return {
    read: async () => await readAt(handle, 0, Buffer.allocUnsafe(size)),
    lines: () => linesOf(handle, size),
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

async function openUnnamed(file: string, { phase }: GitPlace): Promise<FileHandle> {
  try {
    const handle = await open(file, 'wx+');
    await unlink(file);
    return handle;
  } catch (thrown) {
    throw temporaryFailure(file, thrown, phase);
  }
}

async function* linesOf(handle: FileHandle, size: number): AsyncGenerator<Buffer> {
  let room = Buffer.allocUnsafe(Math.min(size, PIECE_BYTES));
  for (let at = 0; at < size;) {
    const piece = await readAt(handle, at, room.subarray(0, size - at));
    const isLast = at + piece.length === size;
    const end = isLast ? piece.length : piece.lastIndexOf('\n') + 1;
    if (end > 0) yield piece.subarray(0, end);
    else room = Buffer.allocUnsafe(room.length * 2);
    at += end;
  }
}

/** Fills `bytes` from a position on. */
async function readAt(handle: FileHandle, position: number, bytes: Buffer): Promise<Buffer> {
  for (let filled = 0; filled < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, position + filled);
    if (bytesRead === 0) throw new RangeError('what git printed is shorter than it was');
    filled += bytesRead;
  }
  return bytes;
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

import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** A file system of its own that is full after so many bytes. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
}

/** Mounts a disk (as root) on a folder, by default one of its own, until it is disposed of. */
export async function mountSmallDisk(bytes: number, at?: string): Promise<SmallDisk> {
  await using stack = new AsyncDisposableStack();
  const path = at ?? stack.use(await mkdtempDisposable(join(tmpdir(), 'preheat-disk-'))).path;
  await execa('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path]);
  // Lazily: what still has a file open there is about to end.
  stack.defer(async () => void (await execa('umount', ['--lazy', path])));
  const owned = stack.move();
  return { path, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createLayout } from './layout-files.ts';

/** A layout inside another one's folder; it is removed when it is disposed of, its blobs stay. */
export interface SideLayout extends AsyncDisposable {
  readonly directory: string;
}

/**
 * Opens a layout with an index of its own whose blobs are those of `directory`. oras rewrites a layout's whole index in
 * place, without a lock: run against the side layout it can be killed at any time, and two of them at once lose
 * nothing.
 */
export async function openSideLayout(directory: string): Promise<SideLayout> {
  const side = await mkdtemp(join(directory, 'ingest', 'copy-'));
  const remove = (): Promise<void> => rm(side, { recursive: true, force: true });
  try {
    await symlink(join('..', '..', 'blobs'), join(side, 'blobs'));
    await createLayout(side);
  } catch (thrown) {
    await remove();
    throw thrown;
  }
  return { directory: side, [Symbol.asyncDispose]: remove };
}

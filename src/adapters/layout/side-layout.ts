import { mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';
import { createLayout } from './layout-files.ts';

/** A layout inside another one's folder; it is removed when it is disposed of, its blobs stay. */
export interface SideLayout extends AsyncDisposable {
  readonly directory: string;
}

/**
 * Opens a layout with an index of its own whose blobs are those of `directory`. oras rewrites a layout's whole index in
 * place, without a lock: run against the side layout it can be killed at any time, and two of them at once lose
 * nothing. What a killed run left where blobs arrive is removed after a day.
 */
export async function openSideLayout(directory: string): Promise<SideLayout> {
  await sweep(join(directory, 'ingest'));
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

/** No copy takes so long: at the least speed that oras is granted it would have moved 21 GiB. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

async function sweep(ingest: string): Promise<void> {
  const oldest = systemClock.now().getTime() - ABANDONED_MS;
  for (const name of await readdir(ingest)) {
    const path = join(ingest, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && found.mtimeMs < oldest) await rm(path, { recursive: true, force: true });
  }
}

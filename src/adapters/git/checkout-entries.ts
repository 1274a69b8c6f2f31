import { createReadStream, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { CheckoutEntry } from '../../build/source-tree.ts';
import type { IndexEntry } from './index-file.ts';

const SYMLINK = 0o120000;
const GITLINK = 0o160000;
const SMALL_FILE_BYTES = 256 * 1024;

type Item = Pick<CheckoutEntry, 'path' | 'kind' | 'executable'>;

/**
 * The entries of a checkout below `top`: what its index lists, the folders that lead there, and its `.git` as it lies
 * there; in the order of their paths' bytes. Files are opened one by one, when they are read.
 */
export async function* checkoutEntries(
  top: string,
  index: readonly IndexEntry[],
  signal: AbortSignal,
): AsyncGenerator<CheckoutEntry> {
  const items = [...trackedItems(index), ...(await gitFolderItems(top))];
  // JavaScript compares latin1 text by its bytes.
  items.sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const item of items) {
    signal.throwIfAborted();
    yield entryOf(item, Buffer.concat([Buffer.from(`${top}/`), Buffer.from(item.path, 'latin1')]));
  }
}

/** What the index lists, with the folders above; a gitlink is an empty folder until its submodule is there. */
function* trackedItems(index: readonly IndexEntry[]): Generator<Item> {
  const folders = new Set<string>();
  for (const { path, mode } of index) {
    for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
      const folder = path.slice(0, end);
      if (!folders.has(folder)) yield { path: folder, kind: 'directory', executable: true };
      folders.add(folder);
    }
    if (mode === GITLINK) yield { path, kind: 'directory', executable: true };
    else yield { path, kind: mode === SYMLINK ? 'symlink' : 'file', executable: (mode & 0o100) !== 0 };
  }
}

async function gitFolderItems(top: string): Promise<readonly Item[]> {
  const found = await readdir(`${top}/.git`, { withFileTypes: true, recursive: true });
  const below = found.map((each): Item => ({
    path: `${each.parentPath}/${each.name}`.slice(top.length + 1),
    kind: each.isDirectory() ? 'directory' : 'file',
    executable: each.isDirectory(),
  }));
  return [{ path: '.git', kind: 'directory', executable: true }, ...below];
}

/**
 * The files were written a moment ago and lie in the page cache, where a synchronous call takes 20 µs and one through
 * the thread pool ten times that: 20 s more for 100,000 files.
 */
function entryOf(item: Item, file: Buffer): CheckoutEntry {
  if (item.kind === 'directory') return { ...item, size: 0, open: nothing };
  if (item.kind === 'symlink') {
    const target = readlinkSync(file, { encoding: 'buffer' });
    return { ...item, size: 0, target: target.toString('latin1'), open: nothing };
  }
  const { size } = lstatSync(file);
  return { ...item, size, open: () => contentOf(file, size) };
}

async function* contentOf(file: Buffer, size: number): AsyncGenerator<Uint8Array> {
  if (size > SMALL_FILE_BYTES) yield* createReadStream(file);
  else if (size > 0) yield readFileSync(file);
}

// eslint-disable-next-line no-empty-function -- folders and links have no content
async function* nothing(): AsyncGenerator<Uint8Array> {}

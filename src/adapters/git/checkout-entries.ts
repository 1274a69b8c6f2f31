import {
  closeSync,
  createReadStream,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  unlinkSync,
} from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { CheckoutEntry } from '../../build/source-tree.ts';
import { findEntry } from '../../kernel/tree-lookup.ts';
import type { Clone } from './clone.ts';
import { foldersAbove } from './folders-above.ts';
import { GITLINK, type IndexEntry } from './index-file.ts';
import type { LaidCommit } from './lay-commit.ts';

const SYMLINK = 0o120000;
/** Less than what readers pass on without copying it (`oci/tar-chunks.ts`), so that its memory can be used again. */
const SMALL_FILE_BYTES = 48 * 1024;
/** The index of 100,000 files has 11 MB; whoever takes it takes a piece at a time through the thread pool. */
const LARGE_PIECE_BYTES = 512 * 1024;

/** Where a commit goes in a checkout. Paths are raw bytes as latin1 text. */
export interface PlacedCommit {
  readonly commit: string;
  /** Of its folder: empty, or the path of a submodule. */
  readonly path: string;
  /** Of its git folder: `.git`, or one below `.git/modules`. */
  readonly gitPath: string;
  /** As its configuration has it. */
  readonly remoteUrl: string | undefined;
}

/** A commit that was laid down. */
export interface CheckoutPart extends PlacedCommit {
  readonly laid: LaidCommit;
  readonly clone: Clone;
  /** What stands in `.git` of a submodule. */
  readonly gitFile?: string;
}

/** A path of a checkout, and where its bytes are. */
export interface CheckoutItem extends Pick<CheckoutEntry, 'path' | 'kind' | 'executable'> {
  /** The folder in which it lies, and its path there. */
  readonly top: string;
  readonly below: string;
  readonly text?: string;
}

/** The entries of a checkout, in the order of their paths' bytes. */
export async function* checkoutEntries(
  parts: readonly CheckoutPart[],
  signal: AbortSignal,
): AsyncGenerator<CheckoutEntry> {
  yield* entriesOf((await checkoutItems(parts)).values(), signal);
}

/**
 * What was laid of a checkout, by path: what the indexes of its parts list, as far as it was laid, the folders that lead
 * there, and their git folders.
 */
export async function checkoutItems(
  parts: readonly CheckoutPart[],
): Promise<ReadonlyMap<string, CheckoutItem>> {
  const items = new Map<string, CheckoutItem>();
  for (const part of parts) {
    for (const item of trackedItems(part)) items.set(item.path, item);
    for (const item of await gitItems(part)) items.set(item.path, item);
  }
  for (const path of foldersAbove(items.keys())) if (!items.has(path)) items.set(path, folderItem(path));
  return items;
}

/**
 * The entries of some items, in the order of their paths' bytes. Each file is removed once it has been passed: what has
 * been read never needs to reach the disk, and to remove 100,000 files at the end would take 150 MB of memory for their
 * promises.
 */
export async function* entriesOf(
  items: Iterable<CheckoutItem>,
  signal: AbortSignal,
): AsyncGenerator<CheckoutEntry> {
  const buffer = Buffer.allocUnsafeSlow(SMALL_FILE_BYTES);
  // JavaScript compares latin1 text by its bytes.
  for (const item of [...items].toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    signal.throwIfAborted();
    const file = Buffer.concat([Buffer.from(`${item.top}/`), Buffer.from(item.below, 'latin1')]);
    yield entryOf(item, file, buffer);
    if (item.kind !== 'directory' && item.text === undefined) unlinkSync(file);
  }
}

/** What the index lists; a gitlink is a folder, empty until its submodule is there. */
function* trackedItems({ laid, path: prefix, gitFile }: CheckoutPart): Generator<CheckoutItem> {
  const above = prefix === '' ? '' : `${prefix}/`;
  for (const { path: below, mode } of laidEntries(laid)) {
    const path = `${above}${below}`;
    if (mode === GITLINK) yield folderItem(path);
    else yield { ...kindOf(mode), path, top: laid.tree, below };
  }
  if (gitFile === undefined) return;
  yield { path: `${above}.git`, kind: 'file', executable: false, top: '', below: '', text: gitFile };
}

function laidEntries({ index, difference }: LaidCommit): Iterable<Pick<IndexEntry, 'path' | 'mode'>> {
  if (difference === undefined) return index.entries();
  const { listed, changed } = difference;
  return [...index.links, ...[...changed].flatMap((path) => findEntry(listed, path) ?? [])];
}

function kindOf(mode: IndexEntry['mode']): Pick<CheckoutItem, 'kind' | 'executable'> {
  return { kind: mode === SYMLINK ? 'symlink' : 'file', executable: (mode & 0o100) !== 0 };
}

/** What lies in the git folder of a part. */
export async function gitItems({
  laid: { gitFolder },
  gitPath,
}: CheckoutPart): Promise<readonly CheckoutItem[]> {
  const found = await readdir(gitFolder, { withFileTypes: true, recursive: true });
  return found.map((each): CheckoutItem => {
    const below = `${each.parentPath}/${each.name}`.slice(gitFolder.length + 1);
    const path = `${gitPath}/${below}`;
    return each.isDirectory()
      ? folderItem(path)
      : { path, kind: 'file', executable: false, top: gitFolder, below };
  });
}

function folderItem(path: string): CheckoutItem {
  return { path, kind: 'directory', executable: true, top: '', below: '' };
}

/**
 * The files were written a moment ago and lie in the page cache, where a synchronous call takes 20 µs and one through
 * the thread pool ten times that: 20 s more for 100,000 files.
 */
function entryOf(
  { path, kind, executable, text }: CheckoutItem,
  file: Buffer,
  buffer: Buffer,
): CheckoutEntry {
  if (kind === 'directory') return { path, kind, executable, size: 0, open: nothing };
  if (text !== undefined) {
    const bytes = Buffer.from(text, 'latin1');
    return { path, kind, executable, size: bytes.length, open: () => only(bytes) };
  }
  if (kind === 'symlink') {
    const target = readlinkSync(file, { encoding: 'buffer' });
    return { path, kind, executable, size: 0, target: target.toString('latin1'), open: nothing };
  }
  const { size } = lstatSync(file);
  return { path, kind, executable, size, open: () => contentOf(file, size, buffer) };
}

async function* contentOf(file: Buffer, size: number, buffer: Buffer): AsyncGenerator<Uint8Array> {
  if (size > buffer.length) yield* createReadStream(file, { highWaterMark: LARGE_PIECE_BYTES });
  else if (size > 0) yield readInto(buffer, file);
}

/** A buffer for each of 100,000 files would be 200 MB that the garbage collector is in no hurry to give back. */
function readInto(buffer: Buffer, file: Buffer): Uint8Array {
  const descriptor = openSync(file, 'r');
  try {
    let filled = 0;
    for (let read = -1; read !== 0 && filled < buffer.length; filled += read) {
      read = readSync(descriptor, buffer, filled, buffer.length - filled, null);
    }
    return buffer.subarray(0, filled);
  } finally {
    closeSync(descriptor);
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

// eslint-disable-next-line no-empty-function -- folders and links have no content
async function* nothing(): AsyncGenerator<Uint8Array> {}

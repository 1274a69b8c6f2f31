import type { Keyframe } from '../observe/keyframe.ts';
import { digestOf } from '../oci/digest.ts';
import type { TarEntry } from '../oci/tar-entry.ts';
import { SOURCE_INDEX_MTIME, SOURCE_MTIME } from '../oci/tar-times.ts';
import type { PlacedFile } from './placed-file.ts';
import type { CheckoutEntry } from './source-tree.ts';

/** The mode of the folders that lead to a checkout, and of those in it. */
export const SOURCE_FOLDER_MODE = 0o755;

/** The only folder for which placed files bring entries of their own: what lies above may be the base's. */
export const OWN_FOLDER = '.preheat';

/** The entries of placed files and of their folders, in the order of their paths. */
export function* placedEntries(files: readonly PlacedFile[]): Generator<TarEntry> {
  const placed = new Map(files.map((file) => [rawPath(file.path), file]));
  const folders = new Set([...placed.keys()].flatMap((path) => foldersTo(path).filter(isOwn)));
  for (const path of [...folders, ...placed.keys()].toSorted()) {
    const file = placed.get(path);
    yield file === undefined ? folderEntry(path) : placedEntry(path, file);
  }
}

/** What a keyframe remembers of a placed file: path, mode, digest of the content. */
export function placedRecord({ path, mode, content }: PlacedFile): Keyframe['files'][number] {
  return [rawPath(path), mode, digestOf(content)];
}

function placedEntry(path: string, { mode, content }: PlacedFile): TarEntry {
  const root = { uid: 0, gid: 0, mtime: SOURCE_MTIME };
  return { path, kind: 'file', mode, ...root, size: content.length, open: () => oneChunk(content) };
}

async function* oneChunk(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

/** The entry of a folder that leads to a checkout or to placed files; root owns it. */
export function folderEntry(path: string): TarEntry {
  return { path, kind: 'directory', mode: SOURCE_FOLDER_MODE, uid: 0, gid: 0, mtime: SOURCE_MTIME, size: 0 };
}

/** What becomes of an entry of the checkout at `top` (as {@link rawPath} has it) but for its owner. */
export function sourceEntry(top: string, entry: CheckoutEntry): Omit<TarEntry, 'uid' | 'gid'> {
  return {
    path: `${top}/${entry.path}`,
    kind: entry.kind,
    mode: modeOf(entry),
    mtime: isIndex(entry) ? SOURCE_INDEX_MTIME : SOURCE_MTIME,
    size: entry.size,
    ...(entry.target === undefined ? {} : { target: entry.target }),
    open: () => entry.open(),
  };
}

/** The index of the checkout, and those of its submodules. */
function isIndex({ path, kind }: CheckoutEntry): boolean {
  if (kind !== 'file' || !path.startsWith('.git/')) return false;
  return path === '.git/index' || (path.startsWith('.git/modules/') && path.endsWith('/index'));
}

function modeOf({ kind, executable }: CheckoutEntry): number {
  if (kind === 'symlink') return 0o777;
  return kind === 'directory' || executable ? 0o755 : 0o644;
}

/** Whether a path is one of preheat's own, which root owns. */
export function isOwn(path: string): boolean {
  return path === OWN_FOLDER || path.startsWith(`${OWN_FOLDER}/`);
}

/** The folders that lead to a path, outermost first, without the root. */
export function foldersTo(path: string): readonly string[] {
  const names = path.split('/');
  return names.slice(1).map((_, at) => names.slice(0, at + 1).join('/'));
}

/** An absolute path in an image as tars have it: no leading slash, bytes as latin1 text. */
export function rawPath(path: string): string {
  return Buffer.from(path.replaceAll(/^\/+|\/+$/g, '')).toString('latin1');
}

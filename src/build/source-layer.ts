import { PreheatError } from '../kernel/failure.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Layer } from '../oci/layer.ts';
import type { Staging } from '../oci/staging.ts';
import type { TarEntry } from '../oci/tar-entry.ts';
import { SOURCE_INDEX_MTIME, SOURCE_MTIME } from '../oci/tar-times.ts';
import { tarOf } from '../oci/tar-writer.ts';
import type { CarriedPaths } from './carried-paths.ts';
import { isWhiteoutName } from './left-out.ts';
import type { PlacedFile } from './placed-file.ts';
import type { CheckoutEntry, CheckoutRequest, SourceTree } from './source-tree.ts';

/** A layer with the sources at one commit, and what it carries. */
export interface SourceLayer {
  readonly layer: Layer;
  readonly carried: CarriedPaths;
}

export interface SourceLayerRequest {
  readonly checkout: CheckoutRequest;
  /** Absolute path of the checkout's folder in the image, such as `/workspace/app`. */
  readonly location: string;
  /** Who owns the checkout. */
  readonly owner: { readonly uid: number; readonly gid: number };
  /** Files of preheat itself, which root owns. */
  readonly files: readonly PlacedFile[];
}

/** The mode of the folders that lead to a checkout, and of those in it. */
export const SOURCE_FOLDER_MODE = 0o755;

/** The only folder for which placed files bring entries of their own: what lies above may be the base's. */
const OWN_FOLDER = '.preheat';

/**
 * Makes the layer that holds a commit's files and `.git`, its folders, and placed files. Its diff ID follows from the
 * request alone. Streams: memory grows with the number of files only by their paths. Throws a `PreheatError` of phase
 * `build` for a tracked name that an image would read as a deletion.
 */
export async function makeSourceLayer(
  request: SourceLayerRequest,
  ports: { readonly sourceTree: SourceTree; readonly staging: Staging },
  options: CallOptions,
): Promise<SourceLayer> {
  await using checkout = await ports.sourceTree.layDown(request.checkout, options);
  const carried = new Map<string, 'directory' | 'leaf'>();
  const layer = await ports.staging.addLayer(
    'source',
    tarOf(noting(entriesOf(request, checkout.entries), carried)),
    options,
  );
  return { layer, carried };
}

async function* noting(
  entries: AsyncIterable<TarEntry>,
  carried: Map<string, 'directory' | 'leaf'>,
): AsyncGenerator<TarEntry> {
  for await (const entry of entries) {
    if (isWhiteoutName(entry.path)) throw whiteoutNameFailure(entry.path);
    carried.set(entry.path, entry.kind === 'directory' ? 'directory' : 'leaf');
    yield entry;
  }
}

function whiteoutNameFailure(path: string): PreheatError {
  const name = Buffer.from(path, 'latin1').toString('utf8');
  return new PreheatError(`cannot lay down /${name}: an image would read a name with .wh. as a deletion`, {
    phase: 'build',
    hint: 'Rename it in the repository, or remove it.',
  });
}

async function* entriesOf(
  { location, owner, files }: SourceLayerRequest,
  checkout: AsyncIterable<CheckoutEntry>,
): AsyncGenerator<TarEntry> {
  yield* placedEntries(files);
  const top = rawPath(location);
  for (const folder of [...foldersAbove(top), top]) yield { ...folderEntry(folder), ...owner };
  for await (const entry of checkout) yield { ...sourceEntry(top, entry), ...owner };
}

function* placedEntries(files: readonly PlacedFile[]): Generator<TarEntry> {
  const placed = new Map(files.map((file) => [rawPath(file.path), file]));
  const folders = new Set([...placed.keys()].flatMap((path) => foldersAbove(path).filter(isOwn)));
  for (const path of [...folders, ...placed.keys()].toSorted()) {
    const file = placed.get(path);
    yield file === undefined ? folderEntry(path) : placedEntry(path, file);
  }
}

function placedEntry(path: string, { mode, content }: PlacedFile): TarEntry {
  const root = { uid: 0, gid: 0, mtime: SOURCE_MTIME };
  return { path, kind: 'file', mode, ...root, size: content.length, open: () => oneChunk(content) };
}

async function* oneChunk(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

function folderEntry(path: string): TarEntry {
  return { path, kind: 'directory', mode: SOURCE_FOLDER_MODE, uid: 0, gid: 0, mtime: SOURCE_MTIME, size: 0 };
}

function sourceEntry(top: string, entry: CheckoutEntry): Omit<TarEntry, 'uid' | 'gid'> {
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

function isOwn(path: string): boolean {
  return path === OWN_FOLDER || path.startsWith(`${OWN_FOLDER}/`);
}

/** The folders that lead to a path, outermost first, without the root. */
function foldersAbove(path: string): readonly string[] {
  const names = path.split('/');
  return names.slice(1).map((_, at) => names.slice(0, at + 1).join('/'));
}

/** An absolute path in an image as tars have it: no leading slash, bytes as latin1 text. */
function rawPath(path: string): string {
  return Buffer.from(path.replaceAll(/^\/+|\/+$/g, '')).toString('latin1');
}

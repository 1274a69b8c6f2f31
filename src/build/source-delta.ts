import type { Keyframe } from '../observe/keyframe.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Layer } from '../oci/layer.ts';
import type { Staging } from '../oci/staging.ts';
import type { TarEntry } from '../oci/tar-entry.ts';
import { tarOf } from '../oci/tar-writer.ts';
import { carriedTogether, listedPaths, type CarriedKind, type CarriedPaths } from './carried-paths.ts';
import type { CheckoutDelta, DeltaTree, NoDelta } from './delta-tree.ts';
import { foldersAbove } from './folders-above.ts';
import { coverOf, planDelta, type DeltaContent, type DeltaPaths } from './plan-delta.ts';
import {
  folderEntry,
  foldersTo,
  isOwn,
  OWN_FOLDER,
  placedEntries,
  placedRecord,
  rawPath,
  sourceEntry,
} from './source-entries.ts';
import type { SourceLayerRequest } from './source-layer.ts';
import { refuseWhiteoutName } from './whiteout-name.ts';
import { whiteoutEntries } from './whiteouts.ts';

/** A layer that turns a keyframe into the source layer of a later commit. */
export interface SourceDelta {
  /** Absent where nothing differs. */
  readonly layer?: Layer;
  /** What keyframe and delta carry together: what the commit's own source layer does, its pack and the keyframe's apart. */
  readonly carried: CarriedPaths;
  /** What they may hide of layers below, which is more: {@link coverOf}. */
  readonly cover: CarriedPaths;
}

/**
 * Makes the layer that, upon a keyframe, is what the commit's own source layer would be: every path with the same kind,
 * mode, owner, time and content. Only packs differ: the keyframe's stay, and the delta's holds the objects that they
 * lack. Its diff ID follows from keyframe and request alone, and nothing is read of files that did not change. Streams.
 *
 * Answers with the reason where the two cannot be compared. Owner and location have to be the keyframe's
 * (`plan/keyframe-due.ts`). Throws a `PreheatError` of phase `build` for a tracked name that an image would read as a
 * deletion.
 */
export async function makeSourceDelta(
  request: SourceLayerRequest,
  keyframe: Keyframe,
  ports: { readonly deltaTree: DeltaTree; readonly staging: Staging },
  options: CallOptions,
): Promise<SourceDelta | NoDelta> {
  const checkout = await ports.deltaTree.layDelta(request.checkout, keyframe.checkout, options);
  if ('unusable' in checkout) return checkout;
  await using laid = checkout;
  const paths = pathsInImage(request, keyframe, laid);
  const content = planDelta(paths);
  const told = { carried: paths.after, cover: coverOf(paths, content) };
  if (content.entries.length + content.whiteouts.length === 0) return told;
  const layer = await ports.staging.addLayer('delta', tarOf(entriesOf(request, content, laid)), options);
  return { layer, ...told };
}

/** The paths of a checkout's delta and of placed files, as an image has them. */
function pathsInImage(
  { location, files }: SourceLayerRequest,
  keyframe: Keyframe,
  { before, after, changed, folders, gone }: CheckoutDelta,
): DeltaPaths {
  const top = rawPath(location);
  const placed = files.map((file) => placedRecord(file));
  const old = new Map(keyframe.files.map(([path, ...rest]) => [path, rest.join(' ')]));
  const changedFiles = placed.filter(([path, ...rest]) => old.get(path) !== rest.join(' '));
  // The runtime layer has that folder too.
  const kept = old.size === 0 ? [] : [OWN_FOLDER];
  const [ownBefore, ownAfter] = [placedPaths(top, keyframe.files, []), placedPaths(top, placed, kept)];
  const inImage = (path: string): string => `${top}/${path}`;
  return {
    before: carriedTogether(listedPaths(ownBefore), pathsBelow(top, before)),
    after: carriedTogether(listedPaths(ownAfter), pathsBelow(top, after)),
    changed: new Set([...changed.map(inImage), ...changedFiles.map(([path]) => path)]),
    folders: [
      ...folders.map(inImage),
      ...ownAfter.keys().filter((path) => ownAfter.get(path) === 'directory'),
    ],
    gone: [...gone.map(inImage), ...ownBefore.keys().filter((path) => !ownAfter.has(path))],
  };
}

/** The paths of a checkout as an image has them; 100,000 of them are not copied. */
function pathsBelow(top: string, checkout: CarriedPaths): CarriedPaths {
  const prefix = `${top}/`;
  return {
    get: (path) => (path.startsWith(prefix) ? checkout.get(path.slice(prefix.length)) : undefined),
    findBelow(folder) {
      const isAbove = prefix.startsWith(`${folder}/`);
      if (!isAbove && !folder.startsWith(prefix)) return undefined;
      const found = checkout.findBelow(isAbove ? '' : folder.slice(prefix.length));
      return found === undefined ? undefined : prefix + found;
    },
  };
}

/** The folders of a checkout and those above it, and placed files with their folders. */
function placedPaths(
  top: string,
  files: Keyframe['files'],
  kept: readonly string[],
): ReadonlyMap<string, CarriedKind> {
  const placed = files.map(([path]) => path);
  const own = [...foldersAbove(placed)].filter((path) => isOwn(path));
  const folders = [...foldersTo(top), top, ...own, ...kept];
  return new Map([
    ...folders.map((path) => [path, 'directory'] as const),
    ...placed.map((path) => [path, 'leaf'] as const),
  ]);
}

async function* entriesOf(
  request: SourceLayerRequest,
  { entries, whiteouts }: DeltaContent,
  checkout: CheckoutDelta,
): AsyncGenerator<TarEntry> {
  yield* whiteoutEntries(whiteouts);
  const top = rawPath(request.location);
  const placed = new Map([...placedEntries(request.files)].map((entry) => [entry.path, entry]));
  const leaves = checkout.entries[Symbol.asyncIterator]();
  const changed = new Set(checkout.changed.map((path) => `${top}/${path}`));
  for (const path of entries) {
    refuseWhiteoutName(path);
    const next = changed.has(path) ? await leaves.next() : undefined;
    const owner = isOwn(path) ? {} : request.owner;
    if (next === undefined) yield placed.get(path) ?? { ...folderEntry(path), ...owner };
    else if (next.done !== true) yield { ...sourceEntry(top, next.value), ...request.owner };
  }
}

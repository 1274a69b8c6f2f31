import type { CarriedKind, CarriedPaths } from './carried-paths.ts';
import { foldersAbove } from './folders-above.ts';

/** What a delta is made from. Paths are without a leading slash, raw bytes as latin1 text. */
export interface DeltaPaths {
  /** What the keyframe carries. */
  readonly before: CarriedPaths;
  /** What keyframe and delta are to carry together. */
  readonly after: CarriedPaths;
  /** The leaves of `after` that `before` lacks or has otherwise. */
  readonly changed: ReadonlySet<string>;
  /** The folders of `after` in which nothing lies, as far as `before` lacks them; it may have some of them. */
  readonly folders: readonly string[];
  /** The leaves of `before`, and its folders in which nothing lies, that `after` lacks; it may have some of them. */
  readonly gone: readonly string[];
}

/** What a delta layer holds, in the order of the paths' bytes: folders come before what they hold. */
export interface DeltaContent {
  /** Its leaves, the folders that are new, and those above entries and whiteouts. */
  readonly entries: readonly string[];
  /** Paths that it takes away; nothing of them has an entry. */
  readonly whiteouts: readonly string[];
}

/**
 * Says what a layer has to hold that turns a keyframe into a later checkout. What a new leaf replaces needs no whiteout,
 * and no folder is ever put in place of itself: Docker would merge it with the one below.
 *
 * A folder that is new holds something new or is one of `folders`, and one that is gone held something that is gone; so
 * what stayed is not looked at.
 */
export function planDelta({ before, after, changed, folders, gone }: DeltaPaths): DeltaContent {
  const candidates = [...foldersAbove([...changed, ...folders]), ...folders];
  const made = candidates.filter(
    (path) => after.get(path) === 'directory' && before.get(path) !== 'directory',
  );
  const lost = new Set([...gone, ...foldersAbove(gone)]);
  const whiteouts = [...lost].filter(
    (path) => after.get(path) === undefined && isFolder(parentOf(path), after),
  );
  const entries = new Set([...changed, ...made]);
  for (const folder of foldersAbove([...entries, ...whiteouts]))
    if (after.get(folder) !== undefined) entries.add(folder);
  return { entries: [...entries].toSorted(), whiteouts: whiteouts.toSorted() };
}

/** The root is always there. */
function isFolder(path: string, paths: CarriedPaths): boolean {
  return path === '' || paths.get(path) === 'directory';
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/**
 * What keyframe and delta, or either alone, put in the way of layers below: a leaf where one of them has one or takes a
 * path away, else a directory. With claims on these paths the pair cannot lie above a task layer, though the later
 * checkout alone might (`assemble/hidden-path.ts`).
 */
export function coverOf({ before, after }: DeltaPaths, { whiteouts }: DeltaContent): CarriedPaths {
  const taken = new Set(whiteouts);
  const kindOf = (path: string): CarriedKind | undefined => {
    const kinds = [before.get(path), after.get(path)];
    return taken.has(path) || kinds.includes('leaf') ? 'leaf' : (kinds[0] ?? kinds[1]);
  };
  return { get: kindOf, findBelow: (folder) => before.findBelow(folder) ?? after.findBelow(folder) };
}

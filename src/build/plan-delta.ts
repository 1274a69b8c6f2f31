import { chained, type CarriedPaths } from './carried-paths.ts';
import { foldersAbove } from './folders-above.ts';

/** What a delta is made from. Paths are without a leading slash, raw bytes as latin1 text. */
export interface DeltaPaths {
  /** What the keyframe carries. */
  readonly before: CarriedPaths;
  /** What keyframe and delta are to carry together. */
  readonly after: CarriedPaths;
  /** The leaves of `after` that `before` lacks or has otherwise. */
  readonly changed: ReadonlySet<string>;
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
 */
export function planDelta({ before, after, changed }: DeltaPaths): DeltaContent {
  const made = after
    .keys()
    .filter((path) => after.get(path) === 'directory' && before.get(path) !== 'directory');
  const whiteouts = before
    .keys()
    .filter((path) => !after.has(path) && isFolder(parentOf(path), after))
    .toArray();
  const entries = new Set([...changed, ...made]);
  for (const folder of foldersAbove([...entries, ...whiteouts])) if (after.has(folder)) entries.add(folder);
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
  const onlyAfter = after
    .keys()
    .filter((path) => !before.has(path))
    .toArray();
  const kindOf = (path: string): 'directory' | 'leaf' | undefined => {
    const kinds = [before.get(path), after.get(path)];
    return taken.has(path) || kinds.includes('leaf') ? 'leaf' : (kinds[0] ?? kinds[1]);
  };
  return {
    get: kindOf,
    has: (path) => before.has(path) || after.has(path),
    keys: () => chained(before.keys(), onlyAfter),
    size: before.size + onlyAfter.length,
  };
}

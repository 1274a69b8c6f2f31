/** What a path of a layer is: a `directory` merges with what lies below it, a `leaf` (file, symlink) replaces it. */
export type CarriedKind = 'directory' | 'leaf';

/**
 * The paths that source or runtime layers carry, without a leading slash, raw bytes as latin1 text. They can be asked
 * for, and need not be listed anywhere: sources can be 100,000 paths.
 */
export interface CarriedPaths {
  get(path: string): CarriedKind | undefined;
  /** Some path that lies below a folder, whether or not that has an entry itself. */
  findBelow(folder: string): string | undefined;
}

/** Those of layers that were laid whole, which are listed. */
export interface ListedPaths extends CarriedPaths {
  has(path: string): boolean;
  keys(): MapIterator<string>;
  readonly size: number;
}

/** The paths of a map, which may grow until they are asked for what lies below folders. */
export function listedPaths(paths: ReadonlyMap<string, CarriedKind>): ListedPaths {
  let below: ReadonlyMap<string, string> | undefined;
  return {
    get: (path) => paths.get(path),
    has: (path) => paths.has(path),
    keys: () => paths.keys(),
    findBelow: (folder) => (below ??= pathsByFolder(paths.keys())).get(folder),
    get size() {
      return paths.size;
    },
  };
}

/** For each folder above some paths one of these. */
function pathsByFolder(paths: Iterable<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const path of paths) {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (found.has(folder)) break;
      found.set(folder, path);
    }
  }
  return found;
}

/** What two layers carry together, the upper one's word first. */
export function carriedTogether(lower: CarriedPaths, upper: CarriedPaths): CarriedPaths {
  return {
    get: (path) => upper.get(path) ?? lower.get(path),
    findBelow: (folder) => upper.findBelow(folder) ?? lower.findBelow(folder),
  };
}

/** The same for layers that are listed. Nothing is copied. */
export function listedTogether(lower: ListedPaths, upper: ListedPaths): ListedPaths {
  const onlyLower = [...lower.keys()].filter((path) => !upper.has(path));
  return {
    ...carriedTogether(lower, upper),
    has: (path) => upper.has(path) || lower.has(path),
    keys: () => chained(upper.keys(), onlyLower),
    size: upper.size + onlyLower.length,
  };
}

/** First the ones, then the others. */
function* chained<T>(first: Iterable<T>, second: Iterable<T>): MapIterator<T> {
  yield* first;
  yield* second;
}

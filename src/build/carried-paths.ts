/**
 * The paths that a source or runtime layer carries, without a leading slash, raw bytes as latin1 text, with what each
 * is: a `directory` merges with what lies below it, a `leaf` (file, symlink) replaces it.
 */
export type CarriedPaths = Pick<ReadonlyMap<string, 'directory' | 'leaf'>, 'get' | 'has' | 'keys' | 'size'>;

/** What two layers carry together, the upper one's word first. Nothing is copied: sources can be 100,000 paths. */
export function carriedTogether(lower: CarriedPaths, upper: CarriedPaths): CarriedPaths {
  const onlyLower = [...lower.keys()].filter((path) => !upper.has(path));
  return {
    get: (path) => upper.get(path) ?? lower.get(path),
    has: (path) => upper.has(path) || lower.has(path),
    keys: () => chained(upper.keys(), onlyLower),
    size: upper.size + onlyLower.length,
  };
}

/** First the ones, then the others. */
export function* chained<T>(first: Iterable<T>, second: Iterable<T>): MapIterator<T> {
  yield* first;
  yield* second;
}

/** Gives, for each commit id, its parents' ids as the commit itself names them. */
export type ReadParents = (commits: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>;

/** A history to walk. */
export interface HistorySource {
  readonly readParents: ReadParents;
  /** Where the clone's own history ends. */
  readonly ends: ReadonlySet<string>;
}

/** Where a history was cut. */
export interface HistoryCut {
  /** The commits whose parents are left out, sorted, as `.git/shallow` lists them. */
  readonly cut: readonly string[];
  /** Whether the clone's own history ended before so many commits. */
  readonly isEarly: boolean;
}

/**
 * Where a history of at most `depth` commits behind each other ends, as `git fetch --depth` cuts it. It ends earlier at
 * the commits in `ends`, at which the clone's own history ends. Unlike git's, the list has no commits without parents:
 * nothing is cut off behind them, and a history that is whole is not called shallow.
 */
export async function cutHistory(commit: string, depth: number, source: HistorySource): Promise<HistoryCut> {
  const seen = new Set([commit]);
  const cut: string[] = [];
  let isEarly = false;
  let level: readonly string[] = [commit];
  for (let at = 1; level.length > 0; at++) {
    const parents = await source.readParents(level);
    const isEnd = (id: string): boolean => at >= depth || source.ends.has(id);
    const cutHere = level.filter((id) => isEnd(id) && parents.get(id)?.length !== 0);
    cut.push(...cutHere);
    isEarly ||= at < depth && cutHere.length > 0;
    const next = new Set(level.filter((id) => !isEnd(id)).flatMap((id) => parents.get(id) ?? []));
    level = [...next.difference(seen)];
    for (const id of level) seen.add(id);
  }
  return { cut: cut.toSorted(), isEarly };
}

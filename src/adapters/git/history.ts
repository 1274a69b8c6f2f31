/** Gives, for each commit id, its parents' ids as the commit itself names them. */
export type ReadParents = (commits: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>;

/**
 * Where a history of at most `depth` commits behind each other ends, as `git fetch --depth` cuts it: the commits whose
 * parents are left out, sorted, as `.git/shallow` lists them. It ends earlier at the commits in `ends`, at which the
 * clone's own history ends. Unlike git's, the list has no commits without parents: nothing is cut off behind them, and
 * a history that is whole is not called shallow.
 */
export async function cutHistory(
  commit: string,
  depth: number,
  source: { readonly readParents: ReadParents; readonly ends: ReadonlySet<string> },
): Promise<readonly string[]> {
  const seen = new Set([commit]);
  const cut: string[] = [];
  let level: readonly string[] = [commit];
  for (let at = 1; level.length > 0; at++) {
    const parents = await source.readParents(level);
    const isEnd = (id: string): boolean => at >= depth || source.ends.has(id);
    cut.push(...level.filter((id) => isEnd(id) && parents.get(id)?.length !== 0));
    const next = new Set(level.filter((id) => !isEnd(id)).flatMap((id) => parents.get(id) ?? []));
    level = [...next.difference(seen)];
    for (const id of level) seen.add(id);
  }
  return cut.toSorted();
}

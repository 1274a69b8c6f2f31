import type { ImageTimes } from './image-times.ts';
import type { Stock } from './stock.ts';
import type { RetentionPolicy, Surroundings } from './surroundings.ts';

/** Whether anybody can still read what a scope wrote. */
export type ScopeLife = (scope: string) => 'living' | 'gone';

/**
 * Tells of scopes as they stand in tags. That of a branch lives as long as the branch, whether it is protected now or was
 * when it wrote; that of a pull request until it is closed, or where nobody tells, until its newest image is of an age.
 */
export function scopeLife(
  stock: Stock,
  { branches, pullRequests }: Surroundings,
  { pullRequestAge }: RetentionPolicy,
  times: ImageTimes,
  now: number,
): ScopeLife {
  const newest = newestByScope(stock, times);
  return (scope) => {
    const [kind = '', ...name] = scope.split('.');
    if (kind !== 'pr') return branches.has(name.join('.')) ? 'living' : 'gone';
    if (pullRequests.kind === 'known') return pullRequests.open.has(Number(name[0])) ? 'living' : 'gone';
    if (pullRequests.kind === 'unanswered') return 'living';
    const time = newest.get(scope);
    return time !== undefined && now - time > pullRequestAge ? 'gone' : 'living';
  };
}

/** When each scope made its newest image; a scope is left out where one of its images has no time. */
function newestByScope(stock: Stock, times: ImageTimes): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  for (const { content, tags } of stock) {
    if (content.kind !== 'image') continue;
    for (const { known } of tags) {
      if (known?.kind !== 'commit') continue;
      const time = times.of(known.scope, known.commit) ?? Infinity;
      newest.set(known.scope, Math.max(newest.get(known.scope) ?? time, time));
    }
  }
  return newest;
}

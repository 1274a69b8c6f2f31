import type { Stock } from './stock.ts';
import type { Surroundings } from './surroundings.ts';

/** When the image of a commit was made, in milliseconds since the epoch; `undefined` where nothing tells. */
export interface ImageTimes {
  /** As a scope made it. */
  of(scope: string, commit: string): number | undefined;
  /** As anybody made it last. */
  ofCommit(commit: string): number | undefined;
}

/** Images hold no time of day: the report on an image tells when its run ended, else its commit when it was made. */
export function imageTimes(stock: Stock, { dates }: Pick<Surroundings, 'dates'>): ImageTimes {
  const byScope = new Map<string, number>();
  const byCommit = new Map<string, number>();
  for (const { content, tags } of stock) {
    if (content.kind !== 'report' || content.finishedAt === undefined) continue;
    for (const { known } of tags) {
      if (known?.kind !== 'report') continue;
      raise(byScope, `${known.scope} ${known.commit}`, content.finishedAt);
      raise(byCommit, known.commit, content.finishedAt);
    }
  }
  return {
    of: (scope, commit) => byScope.get(`${scope} ${commit}`) ?? dates.get(commit),
    ofCommit: (commit) => byCommit.get(commit) ?? dates.get(commit),
  };
}

function raise(times: Map<string, number>, key: string, time: number): void {
  times.set(key, Math.max(times.get(key) ?? time, time));
}

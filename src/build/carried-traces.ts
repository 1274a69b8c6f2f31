import type { Listing } from './compare-listings.ts';
import type { ListedPath } from './listing.ts';

/** What the listings before and after the tasks told of paths that are still there: two `stat` texts. */
export type CarriedTraces = ReadonlyMap<string, { readonly before: string; readonly after: string }>;

/** A listing that is passed through, and what it told of the paths in question once it has been read. */
export interface WatchedListing {
  readonly listed: AsyncIterable<ListedPath>;
  readonly traces: CarriedTraces;
}

/** Watches a listing on its way to `compareListings`, which takes `before` apart path by path. */
export function watchPaths(
  before: Listing,
  after: AsyncIterable<ListedPath>,
  paths: { has(path: string): boolean },
): WatchedListing {
  const traces = new Map<string, { readonly before: string; readonly after: string }>();
  const watched = async function* (): AsyncGenerator<ListedPath> {
    for await (const listed of after) {
      const old = paths.has(listed.path) ? before.get(listed.path) : undefined;
      // Most are equal: then one text serves as both.
      if (old !== undefined)
        traces.set(listed.path, { before: old, after: old === listed.stat ? old : listed.stat });
      yield listed;
    }
  };
  return { listed: watched(), traces };
}

import type { Owner } from '../observe/step-record.ts';
import type { Listing } from './compare-listings.ts';
import type { ListedPath } from './listing.ts';
import { statFieldsOf } from './stat-text.ts';

/** The `stat` texts of one path before and after the tasks. */
export interface Trace {
  readonly before: string;
  readonly after: string;
}

/**
 * What the listings before and after the tasks told of paths that are still there. Of those that did not move, which
 * are 100,000 in a large repository, next to nothing is kept.
 */
export interface CarriedTraces {
  /** The paths whose two texts differ. */
  readonly moved: ReadonlyMap<string, Trace>;
  /** Whom the sources were laid for, `<uid>:<gid>`: the owner of each path that did not move, but for strangers. */
  readonly owner: string;
  /** The paths that did not move and belong to someone else, with their owner. */
  readonly strangers: ReadonlyMap<string, string>;
}

/** A listing that is passed through, and what it told of the paths in question once it has been read. */
export interface WatchedListing {
  readonly listed: AsyncIterable<ListedPath>;
  readonly traces: CarriedTraces;
}

/** Watches a listing on its way to `compareListings`, which takes `before` apart path by path. */
export function watchPaths(
  before: Listing,
  after: AsyncIterable<ListedPath>,
  isWatched: (path: string) => boolean,
  { uid, gid }: Owner,
): WatchedListing {
  const moved = new Map<string, Trace>();
  const strangers = new Map<string, string>();
  const ending = ` ${uid} ${gid}`;
  const watched = async function* (): AsyncGenerator<ListedPath> {
    for await (const listed of after) {
      const { path, stat } = listed;
      const old = isWatched(path) ? before.get(path) : undefined;
      if (old !== undefined && old !== stat) moved.set(path, { before: old, after: stat });
      else if (old !== undefined && !stat.endsWith(ending)) strangers.set(path, statFieldsOf(stat).owner);
      yield listed;
    }
  };
  return { listed: watched(), traces: { moved, owner: `${uid}:${gid}`, strangers } };
}

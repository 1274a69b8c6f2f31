import type { Listing } from '../compare-listings.ts';
import type { ListedPath } from '../listing.ts';
import { isWithin, rawPath } from './cache-place.ts';
import type { LaidDownloads } from './lay-downloads.ts';

/** A tool's downloads before and after the tasks. */
export interface WatchedDownloads extends LaidDownloads {
  /** With what was laid. */
  readonly before: Listing;
  readonly after: Listing;
  /** Modes of the folders above, after the tasks, by absolute path. */
  readonly above: Map<string, number>;
}

/** Looks at the downloads of tools in the listings of a container, which pass through it. */
export interface DownloadWatch {
  /** What was there before the tasks: as if nothing had been laid, so that all of it counts as made by the tasks. */
  before(paths: AsyncIterable<ListedPath>): AsyncIterable<ListedPath>;
  after(paths: AsyncIterable<ListedPath>): AsyncIterable<ListedPath>;
  readonly downloads: readonly WatchedDownloads[];
}

/** Starts to watch. */
export function watchDownloads(laid: readonly LaidDownloads[]): DownloadWatch {
  const downloads = laid.map((each) => ({
    ...each,
    before: new Map<string, string>(),
    after: new Map<string, string>(),
    above: new Map<string, number>(),
  }));
  const roots = downloads.flatMap((each) =>
    each.place.folders.map((folder) => ({ folder: rawPath(folder), each })),
  );
  const holderOf = (path: string): WatchedDownloads | undefined =>
    roots.find(({ folder }) => isWithin(path, folder))?.each;
  const made = new Set(laid.flatMap((each) => each.laid?.made ?? []));
  return {
    downloads,
    async *before(paths) {
      for await (const listed of paths) {
        const holder = holderOf(listed.path);
        holder?.before.set(listed.path, listed.stat);
        if (holder?.laid === undefined && !made.has(listed.path)) yield listed;
      }
      for (const { laid: own } of laid) for (const [path, stat] of own?.ofImage ?? []) yield { path, stat };
    },
    async *after(paths) {
      for await (const listed of paths) {
        holderOf(listed.path)?.after.set(listed.path, listed.stat);
        for (const { folder, each } of roots)
          if (folder.startsWith(`${listed.path}/`)) noteAbove(each.above, listed);
        yield listed;
      }
    },
  };
}

const MODE_FIELD = 4;

function noteAbove(above: Map<string, number>, { path, stat }: ListedPath): void {
  const mode = Number.parseInt(stat.split(' ')[MODE_FIELD] ?? '', 8);
  above.set(`/${Buffer.from(path, 'latin1').toString('utf8')}`, mode);
}

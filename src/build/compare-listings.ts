import type { Changes, PresentChange } from './changes.ts';
import type { ListedPath } from './listing.ts';
import { isWhiteoutName, keepsOf, type LeftOut } from './left-out.ts';

/** A listing, kept: path → `stat` of {@link ListedPath}. */
export type Listing = Map<string, string>;

export interface Comparison extends Changes {
  /** What tasks left that no layer can hold. */
  readonly leftOut: LeftOut;
}

export interface ComparisonOptions {
  /** Home of the tasks' user, absolute. */
  readonly home: string;
  /** The folders whose attributes matter even where they did not change. */
  readonly watched: ReadonlySet<string>;
}

/** Keeps a listing: about 250 bytes a path. */
export async function keepListing(paths: AsyncIterable<ListedPath>): Promise<Listing> {
  const listing: Listing = new Map();
  for await (const { path, stat } of paths) listing.set(path, stat);
  return listing;
}

/**
 * Finds what changed between two listings of one file system, never by size or modification time of files, which a
 * program can put back: a leaf by its inode or ctime, a directory by its inode, mode, owner or mtime, or by a ctime
 * that nothing below explains (extended attributes, ACLs). Takes `before` apart while it reads `after`.
 */
export async function compareListings(
  before: Listing,
  after: AsyncIterable<ListedPath>,
  { home, watched }: ComparisonOptions,
): Promise<Comparison> {
  const keeps = keepsOf(home);
  const unusual: string[] = [];
  const moved: (PresentChange | RestlessFolder)[] = [];
  const touched = new Set<string>();
  for await (const { path, stat } of after) {
    if (watched.has(path) && isUnusualFolder(stat)) unusual.push(path);
    const change = changeOf(path, before.get(path), stat);
    const kept = change === undefined || keeps.check(path, stat);
    // What took a path's place and cannot be kept leaves the path empty.
    if (kept || !keeps.isUnstorable(path, stat)) before.delete(path);
    if (change === undefined || !kept) continue;
    if (!('restless' in change)) markAbove(touched, path);
    moved.push(change);
  }
  const deleted = [...before.keys()].filter((path) => !isWhiteoutName(path));
  for (const path of deleted) markAbove(touched, path);
  const present = moved.flatMap((change) => settled(change, touched));
  return { present, deleted, unusual, leftOut: keeps.leftOut() };
}

/** A folder of which only the ctime moved. */
interface RestlessFolder {
  readonly path: string;
  readonly restless: true;
}

/**
 * Copying a folder up into the upper layer, which every change below it does, moves its ctime; so do attributes. Above
 * what a layer holds the folder is in that layer anyway; above what none holds it may have changed itself.
 */
function settled(
  change: PresentChange | RestlessFolder,
  touched: ReadonlySet<string>,
): readonly PresentChange[] {
  if (!('restless' in change)) return [change];
  const { path } = change;
  return touched.has(path) ? [] : [{ path, kind: 'directory', added: false, attributes: true }];
}

function changeOf(
  path: string,
  old: string | undefined,
  stat: string,
): PresentChange | RestlessFolder | undefined {
  if (old === stat) return undefined;
  const kind = stat.startsWith('d') ? 'directory' : 'leaf';
  if (old === undefined) return { path, kind, added: true, attributes: true };
  const [oldType, oldInode, oldCtime, oldMtime, ...oldAttributes] = old.split(' ');
  const [type, inode, ctime, mtime, ...attributes] = stat.split(' ');
  const replaced = oldType !== type || oldInode !== inode;
  if (kind === 'leaf') {
    return replaced || oldCtime !== ctime ? { path, kind, added: false, attributes: true } : undefined;
  }
  const attributesMoved = oldType !== type || oldAttributes.join(' ') !== attributes.join(' ');
  if (replaced || attributesMoved || oldMtime !== mtime) {
    return { path, kind, added: false, attributes: attributesMoved };
  }
  return { path, restless: true };
}

function isUnusualFolder(stat: string): boolean {
  return stat.startsWith('d') && !stat.endsWith(' 755 0 0');
}

function markAbove(touched: Set<string>, path: string): void {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const folder = path.slice(0, slash);
    if (touched.has(folder)) return;
    touched.add(folder);
  }
}

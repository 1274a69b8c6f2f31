import { compareBytes } from '../../kernel/compare-bytes.ts';
import { objectBytes, pathBytes, type TreeListing } from '../../kernel/tree-listing.ts';
import { countEntries, modeAt, pathAt } from '../../kernel/tree-lookup.ts';
import { GITLINK } from './index-file.ts';

/** How a tree differs from an earlier one. Paths are raw bytes as latin1 text. */
export interface TreeDifference {
  /** The files and links that are new or have another mode or object. */
  readonly changed: readonly string[];
  /** Every path that the earlier tree listed and this one does not. */
  readonly gone: readonly string[];
}

/** Compares two listings side by side; of 100,000 equal entries nothing is made. */
export function compareTrees(earlier: TreeListing, now: TreeListing): TreeDifference {
  const [changed, gone]: [string[], string[]] = [[], []];
  const [before, after] = [countEntries(earlier), countEntries(now)];
  for (let [old, at] = [0, 0]; old < before || at < after;) {
    const order = old === before ? 1 : at === after ? -1 : comparePaths(earlier, old, now, at);
    if (order < 0) gone.push(pathAt(earlier, old));
    else if ((order > 0 || !isSame(earlier, old, now, at)) && isLaid(now, at)) changed.push(pathAt(now, at));
    if (order <= 0) old++;
    if (order >= 0) at++;
  }
  return { changed, gone };
}

/** The files and links of a tree. */
export function leavesOf(listing: TreeListing): readonly string[] {
  const places = Array.from({ length: countEntries(listing) }, (_, at) => at);
  return places.filter((at) => isLaid(listing, at)).map((at) => pathAt(listing, at));
}

/** What lies in a submodule is a part of its own. */
function isLaid(listing: TreeListing, at: number): boolean {
  return modeAt(listing, at) !== GITLINK;
}

function comparePaths(one: TreeListing, at: number, other: TreeListing, otherAt: number): number {
  return compareBytes(pathBytes(one, at), pathBytes(other, otherAt));
}

function isSame(one: TreeListing, at: number, other: TreeListing, otherAt: number): boolean {
  return compareBytes(objectBytes(one, at), objectBytes(other, otherAt)) === 0;
}

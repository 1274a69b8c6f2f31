import { idStart, type TreeListing } from '../../kernel/tree-listing.ts';
import { countEntries, placeOf } from '../../kernel/tree-lookup.ts';

/**
 * A listing as `git update-index -z --index-info` takes it, without some paths (raw bytes as latin1 text):
 * `<mode> <type> <id>\t<path>\0`. 100,000 lines are copied, not taken apart.
 */
export function indexInfo(listing: TreeListing, without: ReadonlySet<string>): Buffer {
  const { bytes, lines, paths, ends, idLength } = listing;
  const info = Buffer.allocUnsafe(bytes.length);
  const skipped = new Set(Array.from(without, (path) => placeOf(listing, path)));
  let length = 0;
  for (let at = 0; at < countEntries(listing); at++) {
    if (skipped.has(at)) continue;
    const idEnd = idStart(listing, at) + idLength;
    length += bytes.copy(info, length, lines[at], idEnd);
    // The tab before the path and the NUL behind it go along.
    length += bytes.copy(info, length, (paths[at] ?? 0) - 1, (ends[at] ?? 0) + 1);
  }
  return info.subarray(0, length);
}

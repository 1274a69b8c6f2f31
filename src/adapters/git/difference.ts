import type { Bytes } from '../../kernel/compare-bytes.ts';
import type { TreeListing } from '../../kernel/tree-listing.ts';
import type { KnownObjects } from './object-set.ts';

/** How the checkout of a commit differs from an earlier one: what of it has to be laid. Paths are raw bytes as latin1 text. */
export interface Difference {
  /** What the commit's tree holds, with sizes. */
  readonly listed: TreeListing;
  /** The files and links that are new, or whose bytes, mode or target may differ. */
  readonly changed: ReadonlySet<string>;
  /** Bytes of the files at all other paths. `place` is where the path stands in the listing, most likely. */
  sizeOf(path: Bytes, place: number): number | undefined;
  /** The objects in packs that stay. */
  readonly objects: KnownObjects;
}

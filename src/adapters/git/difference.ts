import type { ObjectSet } from './object-set.ts';

/** How the checkout of a commit differs from an earlier one: what of it has to be laid. Paths are raw bytes as latin1 text. */
export interface Difference {
  /** The files and links that are new, or whose bytes, mode or target may differ. */
  readonly changed: ReadonlySet<string>;
  /** Bytes of the files at all other paths. */
  sizeOf(path: string): number | undefined;
  /** The objects in packs that stay. */
  readonly objects: ObjectSet;
}

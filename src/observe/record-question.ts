import type { Digest } from '../oci/digest.ts';

/** A tag that may hold something reusable, and what it must be to end the search. */
export type RecordQuestion =
  | { readonly kind: 'image'; readonly tag: string; readonly imageKey: Digest }
  | { readonly kind: 'record'; readonly tag: string; readonly contentKey: Digest };

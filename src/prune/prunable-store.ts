import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import type { Digest } from '../oci/digest.ts';
import type { TaggedManifest } from '../oci/tagged-manifest.ts';

export interface SweepOptions extends CallOptions {
  /** What was written later stays: a build may be about to name it. */
  readonly olderThan: Date;
}

/**
 * A repository from which can be deleted. Reading fails as {@link ContentStore} does; deleting fails with a `PreheatError`
 * of phase `publish` whose hint says what to change where the store deletes nothing, or not for this account.
 */
export interface PrunableStore extends ContentStore {
  /** What a tag means, whatever that is; `undefined` where it has gone. */
  readTagged(tag: string, options: CallOptions): Promise<TaggedManifest | undefined>;
  /** Deletes a manifest, and with it all of its tags; one that has gone is no failure. */
  remove(digest: Digest, options: CallOptions): Promise<void>;
  /**
   * Frees the blobs that nothing names any more, and tells how many bytes that were; `undefined` where that is up to the
   * registry.
   */
  sweep(options: SweepOptions): Promise<number | undefined>;
}

import type { CallOptions, ContentStore } from './content-store.ts';
import type { Descriptor } from './descriptor.ts';
import type { Digest } from './digest.ts';

/** The first of `blobs` that the store lacks; `undefined` when it has all of them. One question for each blob. */
export async function findMissingBlob(
  blobs: readonly Descriptor[],
  store: Pick<ContentStore, 'hasBlob'>,
  options: CallOptions,
): Promise<Digest | undefined> {
  for (const { mediaType, digest, size } of blobs) {
    if (!(await store.hasBlob({ mediaType, digest, size }, options))) return digest;
  }
  return undefined;
}

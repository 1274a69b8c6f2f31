import pMap from 'p-map';
import type { CallOptions, ContentStore } from './content-store.ts';
import type { Descriptor } from './descriptor.ts';
import type { Digest } from './digest.ts';

const AT_ONCE = 8;

/** The first of `blobs` that the store lacks; `undefined` when it has all of them. One question for each, some at a time. */
export async function findMissingBlob(
  blobs: readonly Descriptor[],
  store: Pick<ContentStore, 'hasBlob'>,
  options: CallOptions,
): Promise<Digest | undefined> {
  const stop = new AbortController();
  const call = { ...options, signal: AbortSignal.any([options.signal, stop.signal]) };
  const ask = async ({ mediaType, digest, size }: Descriptor): Promise<boolean> =>
    await store.hasBlob({ mediaType, digest, size }, call);
  try {
    const has = await pMap(blobs, ask, { concurrency: AT_ONCE });
    return blobs.find((_, at) => has[at] !== true)?.digest;
  } finally {
    // Where one fails, the answers to the others change nothing.
    stop.abort();
  }
}

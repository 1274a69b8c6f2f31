import { unpacked } from '../../oci/gzip-unpacked.ts';
import { readTar } from '../../oci/tar-reader.ts';
import { isWithin } from './cache-place.ts';

/**
 * Reads a stored layer of a cache to its end, so that nothing of one that is damaged comes into a container, nor
 * anything outside its folders (raw). Throws an `Error` that says what is wrong with it.
 */
export async function checkCacheLayer(
  stored: AsyncIterable<Uint8Array>,
  folders: readonly string[],
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  for await (const { path, kind, target } of readTar(unpacked(stored, 'gzip'))) {
    signal.throwIfAborted();
    const places = kind === 'hardlink' ? [path, target] : [path];
    const isStray = (place: string): boolean =>
      place.split('/').includes('..') || !folders.some((folder) => isWithin(place, folder));
    if (places.some(isStray)) throw new Error(`it holds /${path}, which is not in its folders`);
  }
}

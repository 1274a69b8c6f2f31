import type { CallOptions } from '../oci/content-store.ts';
import { unpacked } from '../oci/gzip-unpacked.ts';
import type { Layer } from '../oci/layer.ts';
import type { Staging } from '../oci/staging.ts';
import { readTar } from '../oci/tar-reader.ts';
import { lookOf, type Look } from './entry-look.ts';

/**
 * Reads how staged layers, lowest first, have some paths; what an upper layer has of a path counts. Streams: memory
 * grows with the number of paths only.
 */
export async function looksInLayers(
  layers: readonly Layer[],
  wanted: { has(path: string): boolean },
  staging: Staging,
  { signal }: CallOptions,
): Promise<ReadonlyMap<string, Look>> {
  const looks = new Map<string, Look>();
  for (const layer of layers) {
    for await (const entry of readTar(unpacked(staging.readLayer(layer), 'gzip'))) {
      signal.throwIfAborted();
      if (wanted.has(entry.path)) looks.set(entry.path, await lookOf(entry));
    }
  }
  return looks;
}

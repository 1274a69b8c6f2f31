import type { ImageInfo } from 'dockerode';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { EngineClient } from './engine-client.ts';

/** How often a list is asked for that an image left while it was made. */
const ATTEMPTS = 5;

/**
 * All images of the engine. On containerd's store the list fails as a whole, with `not found`, where someone removes an
 * image meanwhile (seen with Docker 26.1.5): it is asked for again.
 */
export async function listImages(
  client: EngineClient,
  what: { readonly all?: boolean; readonly digests?: boolean },
  options: CallOptions,
): Promise<readonly ImageInfo[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.call(
        'list images',
        async (docker, signal) => docker.listImages({ ...what, abortSignal: signal }),
        options,
      );
    } catch (thrown) {
      const isRace = thrown instanceof PreheatError && thrown.code === 'not-found';
      if (!isRace || attempt === ATTEMPTS) throw thrown;
    }
  }
}

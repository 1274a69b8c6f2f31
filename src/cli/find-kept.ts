import { messageOf } from '../kernel/failure.ts';
import type { ContentStore } from '../oci/content-store.ts';
import type { Digest } from '../oci/digest.ts';
import type { Layer } from '../oci/layer.ts';
import type { Session } from './session.ts';

/** Which layers the target has already; one question for each. It is for reports: what cannot be asked counts as new. */
export async function findKept(
  layers: readonly Layer[],
  target: Pick<ContentStore, 'hasBlob'>,
  { log, signal }: Pick<Session, 'log' | 'signal'>,
): Promise<ReadonlySet<Digest>> {
  const asked = layers.map(async ({ mediaType, digest, size }): Promise<readonly Digest[]> => {
    try {
      return (await target.hasBlob({ mediaType, digest, size }, { signal })) ? [digest] : [];
    } catch (thrown) {
      signal.throwIfAborted();
      log.debug(`layer ${digest} was not asked for: ${messageOf(thrown)}`);
      return [];
    }
  });
  return new Set((await Promise.all(asked)).flat());
}

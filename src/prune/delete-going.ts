import pMap from 'p-map';
import { PreheatError } from '../kernel/failure.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { formatImage } from '../oci/location.ts';
import type { Decision } from './decide.ts';
import type { PrunableStore } from './prunable-store.ts';

const AT_ONCE = 4;
const MOST_LOOKS = 5;

/**
 * Deletes what is to go, kind after kind, a few at once. Throws at the first that cannot be deleted, which is what the next
 * ones would meet too; what has gone by then stays gone, and the next clean-up takes the rest.
 */
export async function deleteGoing(
  going: Decision['going'],
  store: Pick<PrunableStore, 'location' | 'remove' | 'listTags' | 'resolve'>,
  { signal, onProgress }: CallOptions & { readonly onProgress?: (detail: string) => void },
): Promise<void> {
  let done = 0;
  for (const kind of new Set(going.map(({ manifest }) => manifest.content.kind))) {
    const some = going.filter(({ manifest }) => manifest.content.kind === kind);
    // Taking a report out of the list of an image's referrers reads and writes that list.
    const concurrency = kind === 'report' ? 1 : AT_ONCE;
    await pMap(
      some,
      async ({ manifest }) => {
        signal.throwIfAborted();
        await store.remove(manifest.digest, { signal });
        done++;
        onProgress?.(`${done} of ${going.length}`);
      },
      { concurrency },
    );
  }
  await refuseLeft(going, store, { signal });
}

/** A registry may answer that it has deleted what it keeps. */
async function refuseLeft(
  going: Decision['going'],
  store: Pick<PrunableStore, 'location' | 'listTags' | 'resolve'>,
  options: CallOptions,
): Promise<void> {
  const gone = new Map(
    going.flatMap(({ manifest }) => manifest.tags.map(({ name }) => [name, manifest.digest] as const)),
  );
  // One is enough to tell, and a listing may be older than what is asked for by name.
  const left = (await store.listTags(options)).filter((name) => gone.has(name)).slice(0, MOST_LOOKS);
  for (const name of left) {
    if ((await store.resolve(name, options))?.digest !== gone.get(name)) continue;
    throw new PreheatError(`cannot delete ${formatImage(store.location, name)}: it is still there`, {
      phase: 'publish',
      hint: 'Clean up with the retention rules of the registry.',
    });
  }
}

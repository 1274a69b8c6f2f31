import pMap from 'p-map';
import type { CallOptions } from '../oci/content-store.ts';
import { readTag } from '../oci/known-tag.ts';
import type { PrunableStore } from './prunable-store.ts';
import type { Stock } from './stock.ts';

const AT_ONCE = 4;
const MOVING: ReadonlySet<string> = new Set(['branch', 'pull-request']);

/**
 * Looks once more, right before anything is deleted, at the tags that are new and at those that move: which manifests a
 * build has given one to since the stock was taken. Registries have no compare-and-swap, so a moment remains.
 */
export async function lookAgain(
  stock: Stock,
  store: Pick<PrunableStore, 'listTags' | 'resolve'>,
  options: CallOptions,
): Promise<ReadonlySet<string>> {
  const stocked = new Map(
    stock.flatMap(({ digest, tags }) => tags.map(({ name }) => [name, digest] as const)),
  );
  const asked = (await store.listTags(options)).filter(
    (name) => !stocked.has(name) || MOVING.has(readTag(name)?.kind ?? ''),
  );
  const found = await pMap(
    asked,
    async (name) => ({ name, digest: (await store.resolve(name, options))?.digest }),
    { concurrency: AT_ONCE },
  );
  const given = found.filter(({ name, digest }) => stocked.get(name) !== digest);
  return new Set(given.flatMap(({ digest }) => digest ?? []));
}

import pMap from 'p-map';
import type { CallOptions } from '../oci/content-store.ts';
import { readTag } from '../oci/known-tag.ts';
import type { Stock } from './stock.ts';
import { stockTags, type StockPorts } from './take-stock.ts';

const AT_ONCE = 4;
const MOVING: ReadonlySet<string> = new Set(['branch', 'pull-request', 'pins']);

/**
 * Looks once more, right before anything is deleted, at the tags that are new and at those that move: reads the manifests
 * that a build has given one to since the stock was taken. Registries have no compare-and-swap: what comes later, while
 * others are deleted, is not seen.
 */
export async function lookAgain(stock: Stock, ports: StockPorts, options: CallOptions): Promise<Stock> {
  const { store } = ports;
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
  return await stockTags(
    given.flatMap(({ name, digest }) => (digest === undefined ? [] : [name])),
    ports,
    options,
  );
}

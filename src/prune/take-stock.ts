import pMap from 'p-map';
import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { readTag } from '../oci/known-tag.ts';
import { REPORT_ARTIFACT } from '../oci/media-types.ts';
import type { TaggedManifest } from '../oci/tagged-manifest.ts';
import type { PrunableStore } from './prunable-store.ts';
import { readContent } from './read-content.ts';
import { subjectOf } from './referrers-tag.ts';
import type { Stock, StockedContent, StockedManifest, StockedTag } from './stock.ts';

const AT_ONCE = 4;

export interface StockPorts {
  readonly store: PrunableStore;
  readonly log: Log;
}

/**
 * Reads what each tag of a repository means. What goes meanwhile is left out. Throws a `PreheatError` (observe) where
 * anything cannot be read: what is not known may be in use.
 */
export async function takeStock(
  ports: StockPorts,
  options: CallOptions & { readonly onProgress?: (detail: string) => void },
): Promise<Stock> {
  const { signal } = options;
  return await stockTags((await ports.store.listTags({ signal })).toSorted(), ports, options);
}

/** Reads what these tags mean, as {@link takeStock} does of all. */
export async function stockTags(
  tags: readonly string[],
  { store, log }: StockPorts,
  { signal, onProgress }: CallOptions & { readonly onProgress?: (detail: string) => void },
): Promise<Stock> {
  let done = 0;
  const read = async (name: string): Promise<StockedManifest | undefined> => {
    const found = await stockTag({ name, known: readTag(name) }, store, log, { signal });
    done++;
    if (done % 50 === 0) onProgress?.(`${done} of ${tags.length} tags`);
    return found;
  };
  const found = await pMap(tags, read, { concurrency: AT_ONCE });
  return joinStock(found.filter((manifest) => manifest !== undefined));
}

async function stockTag(
  tag: StockedTag,
  store: PrunableStore,
  log: Log,
  options: CallOptions,
): Promise<StockedManifest | undefined> {
  const found = await store.readTagged(tag.name, options);
  if (found === undefined) return undefined;
  const { digest, size, manifest } = found;
  const blobs = manifest === undefined ? [] : [manifest.config, ...manifest.layers];
  return {
    digest,
    size,
    blobs: blobs.map((blob) => ({ digest: blob.digest, size: blob.size })),
    content: await contentOf(tag, found, store, log, options),
    tags: [tag],
  };
}

async function contentOf(
  { name, known }: StockedTag,
  { manifest, members }: TaggedManifest,
  store: PrunableStore,
  log: Log,
  options: CallOptions,
): Promise<StockedContent> {
  if (known === undefined || manifest === undefined) return listIn(name, members);
  const readConfig = async (): Promise<string | undefined> => {
    try {
      const bytes = await store.readBlob(manifest.config, options);
      return bytes && Buffer.from(bytes).toString('utf8');
    } catch (thrown) {
      options.signal.throwIfAborted();
      if (!(thrown instanceof PreheatError) || thrown.code !== 'corrupt') throw thrown;
      log.warn(`cannot read the config of ${name}: ${messageOf(thrown)}; it is kept`);
      return undefined;
    }
  };
  return await readContent(known, manifest, readConfig);
}

/** Of the referrers of an image, reports are no one else's. */
function listIn(name: string, members: TaggedManifest['members']): StockedContent {
  const listed = members ?? [];
  if (members === undefined || subjectOf(name) === undefined)
    return { kind: 'foreign', members: listed.map(({ digest }) => digest) };
  const [reports, others] = [true, false].map((isReport) =>
    listed.filter(({ artifactType }) => (artifactType === REPORT_ARTIFACT) === isReport),
  );
  return {
    kind: 'referrers',
    reports: (reports ?? []).map(({ digest }) => digest),
    members: (others ?? []).map(({ digest }) => digest),
  };
}

/** A manifest has what its own tag says it has, also where it has foreign tags beside it. */
export function joinStock(found: readonly StockedManifest[]): Stock {
  const byDigest = new Map<string, StockedManifest>();
  for (const manifest of found) {
    const other = byDigest.get(manifest.digest);
    const content =
      other === undefined || other.content.kind === 'foreign' ? manifest.content : other.content;
    byDigest.set(manifest.digest, { ...manifest, content, tags: [...(other?.tags ?? []), ...manifest.tags] });
  }
  return [...byDigest.values()];
}

import pMap from 'p-map';
import type { Log } from '../kernel/log.ts';
import { messageOf } from '../kernel/failure.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import { readTag, type KnownTag } from '../oci/known-tag.ts';
import { formatLocation } from '../oci/location.ts';
import type { CommitDates } from './commit-dates.ts';
import type { WarmImage, WarmList } from './warm-list.ts';

/** Each costs a manifest; all commits are counted. */
const MOST_COMMITS = 10;
const MOST_HINTS = 50;
const AT_ONCE = 4;

export interface ListPorts {
  readonly store: ContentStore;
  readonly dates: CommitDates;
  readonly log: Log;
}

/**
 * Lists what is warm from one listing of tags and the manifests of hints and newest commits. A manifest that cannot be
 * read is told in one line and left out.
 */
export async function listWarm(ports: ListPorts, options: CallOptions): Promise<WarmList> {
  const { store, dates } = ports;
  const tags = (await store.listTags(options)).flatMap((tag) => {
    const known = readTag(tag);
    return known === undefined ? [] : [{ tag, known }];
  });
  const commits = tags.flatMap(({ tag, known }) => (known.kind === 'commit' ? [{ tag, known }] : []));
  const known = await dates.datesOf([...new Set(commits.map((one) => one.known.commit))], options);
  const newest = commits
    .toSorted((a, b) => byNewest(known.get(a.known.commit), known.get(b.known.commit)))
    .slice(0, MOST_COMMITS);
  const hints = tags.flatMap(({ tag, known }) =>
    known.kind === 'branch' || known.kind === 'pull-request' ? [{ tag, known }] : [],
  );
  const wanted = [...hints.slice(0, MOST_HINTS), ...newest];
  const found = await pMap(wanted, async (one) => await readImage(one, ports, options), {
    concurrency: AT_ONCE,
  });
  const images = found.filter((image) => image !== undefined);
  const late = await dates.datesOf([...new Set(images.flatMap(({ commit }) => commit ?? []))], options);
  return {
    schemaVersion: 1,
    location: formatLocation(store.location),
    images: images
      .map((image): WarmImage => ({ ...image, ...datePart(late.get(image.commit ?? '')) }))
      .toSorted((a, b) => byNewest(a.committedAt, b.committedAt)),
    commits: commits.length,
    records: tags.filter((one) => one.known.kind === 'step').length,
  };
}

type ImageTag = Extract<KnownTag, { readonly kind: 'commit' | 'branch' | 'pull-request' }>;

interface TaggedImage {
  readonly tag: string;
  readonly known: ImageTag;
}

async function readImage(
  { tag, known }: TaggedImage,
  { store, log }: ListPorts,
  options: CallOptions,
): Promise<WarmImage | undefined> {
  try {
    const found = await store.readManifest(tag, options);
    if (found === undefined) return undefined;
    const { layers, annotations } = found.manifest;
    const commit = annotations?.[ANNOTATION.revision];
    return {
      tag,
      kind: known.kind,
      name: 'scope' in known ? known.scope : known.name,
      ...(commit !== undefined && { commit }),
      ...(known.platform !== undefined && { platform: known.platform }),
      digest: found.descriptor.digest,
      layers: layers.length,
      bytes: layers.reduce((sum, { size }) => sum + size, 0),
    };
  } catch (thrown) {
    options.signal.throwIfAborted();
    log.warn(`cannot read ${tag}: ${messageOf(thrown)}; left out`);
    return undefined;
  }
}

function datePart(committedAt: string | undefined): Pick<WarmImage, 'committedAt'> {
  return committedAt === undefined ? {} : { committedAt };
}

/** What has no date comes last. */
function byNewest(a: string | undefined, b: string | undefined): number {
  return Date.parse(b ?? '1970-01-01T00:00:00Z') - Date.parse(a ?? '1970-01-01T00:00:00Z');
}

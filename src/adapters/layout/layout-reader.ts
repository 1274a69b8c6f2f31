import { readFile, stat } from 'node:fs/promises';
import { messageOf, PreheatError } from '../../kernel/failure.ts';
import type { CallOptions, ContentStore } from '../../oci/content-store.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { digestOf, isDigest, type Digest } from '../../oci/digest.ts';
import { formatImage, formatLocation, type Location } from '../../oci/location.ts';
import { readImageManifest } from '../../oci/read-image-manifest.ts';
import { blobPath } from './layout-files.ts';
import { findTag, readIndex, REF_NAME } from './layout-index.ts';

export type LayoutLocation = Extract<Location, { readonly kind: 'layout' }>;

/** Configs and manifests are small; anything larger is not read whole. */
const LARGEST_BLOB = 4 * 1024 * 1024;

/** Reads an OCI layout (image-spec, "Image Layout") directly: no program runs. */
export function createLayoutReader(location: LayoutLocation): ContentStore {
  const { directory } = location;
  return {
    location,
    async resolve(tagOrDigest, { signal }) {
      signal.throwIfAborted();
      return await reading(formatImage(location, tagOrDigest), () => resolveIn(directory, tagOrDigest));
    },
    async readManifest(tagOrDigest, { signal, platform }) {
      const name = formatImage(location, tagOrDigest);
      return await reading(name, async () => {
        const fetch = (member: string) => fetchManifest(directory, member, signal);
        return await readImageManifest(fetch, name, tagOrDigest, platform);
      });
    },
    async readBlob(descriptor, options) {
      const name = formatImage(location, descriptor.digest);
      return await reading(name, () => readSmallBlob(directory, name, descriptor, options));
    },
    async hasBlob({ digest, size }, { signal }) {
      signal.throwIfAborted();
      const found = await stat(blobPath(directory, digest)).catch(() => undefined);
      return found?.size === size;
    },
    async listTags({ signal }) {
      signal.throwIfAborted();
      const index = await reading(formatLocation(location), () => readIndex(directory));
      return index?.manifests.flatMap(({ annotations }) => annotations?.[REF_NAME] ?? []) ?? [];
    },
  };
}

async function resolveIn(directory: string, tagOrDigest: string): Promise<Descriptor | undefined> {
  const index = await readIndex(directory);
  const entry = isDigest(tagOrDigest)
    ? index?.manifests.find(({ digest }) => digest === tagOrDigest)
    : index && findTag(index, tagOrDigest);
  if (entry !== undefined) return { mediaType: entry.mediaType, digest: entry.digest, size: entry.size };
  return isDigest(tagOrDigest) ? await describeBlob(directory, tagOrDigest) : undefined;
}

/** A manifest without a tag (the member of an index) has no entry; its media type stands in itself. */
async function describeBlob(directory: string, digest: Digest): Promise<Descriptor | undefined> {
  const found = await readImageManifest(
    async () => await readIfSmall(blobPath(directory, digest)),
    digest,
    digest,
    undefined,
  );
  return found?.descriptor.digest === digest ? found.descriptor : undefined;
}

async function fetchManifest(
  directory: string,
  tagOrDigest: string,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  signal.throwIfAborted();
  if (isDigest(tagOrDigest)) return await readIfSmall(blobPath(directory, tagOrDigest));
  const index = await readIndex(directory);
  const entry = index && findTag(index, tagOrDigest);
  if (entry === undefined) return undefined;
  const bytes = await readIfSmall(blobPath(directory, entry.digest));
  if (bytes === undefined || digestOf(bytes) !== entry.digest) throw damaged(tagOrDigest, entry.digest);
  return bytes;
}

async function readSmallBlob(
  directory: string,
  name: string,
  { digest, size }: Descriptor,
  { signal }: CallOptions,
): Promise<Uint8Array | undefined> {
  signal.throwIfAborted();
  if (size > LARGEST_BLOB) throw new RangeError(`it has ${size} bytes, more than 4 MiB`);
  const bytes = await readIfSmall(blobPath(directory, digest));
  if (bytes !== undefined && digestOf(bytes) !== digest) throw damaged(name, digest);
  return bytes;
}

async function readIfSmall(path: string): Promise<Uint8Array | undefined> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_BLOB) throw new RangeError(`it has ${size} bytes, more than 4 MiB`);
    return await readFile(path);
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw thrown;
  }
}

async function reading<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof PreheatError || (thrown instanceof Error && thrown.name === 'AbortError'))
      throw thrown;
    throw new PreheatError(`cannot read ${name}: ${messageOf(thrown)}`, { phase: 'observe', cause: thrown });
  }
}

function damaged(name: string, digest: Digest): PreheatError {
  return new PreheatError(`cannot read ${name}: the blob ${digest} is missing or damaged`, {
    phase: 'observe',
    code: 'corrupt',
  });
}

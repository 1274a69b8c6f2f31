import { readFile } from 'node:fs/promises';
import { messageOf, PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { digestOf, type Digest } from '../../oci/digest.ts';
import { formatImage } from '../../oci/location.ts';
import { readTaggedManifest, type TaggedManifest } from '../../oci/tagged-manifest.ts';
import type { PrunableStore } from '../../prune/prunable-store.ts';
import { blobPath, indexPath, writeWhole } from './layout-files.ts';
import { findTag, readIndex } from './layout-index.ts';
import { lockLayout } from './layout-lock.ts';
import { createLayoutReader, type LayoutLocation } from './layout-reader.ts';
import { sweepBlobs } from './sweep-blobs.ts';

/** An OCI layout on disk as a clean-up sees it: it frees blobs itself. */
export function openPrunableLayout(location: LayoutLocation): PrunableStore {
  const { directory } = location;
  return {
    ...createLayoutReader(location),
    async readTagged(tag, { signal }) {
      signal.throwIfAborted();
      return await readTagged(tag, location);
    },
    async remove(digest, options) {
      await deleting(directory, async () => await remove(digest, directory, options));
    },
    async sweep({ signal, olderThan }) {
      return await deleting(directory, async () => await sweepBlobs(directory, olderThan, { signal }));
    },
  };
}

/** A manifest that is missing or damaged is nobody's: of it only the digest is known. */
async function readTagged(tag: string, location: LayoutLocation): Promise<TaggedManifest | undefined> {
  const index = await readIndex(location.directory);
  const entry = index && findTag(index, tag);
  if (entry === undefined) return undefined;
  const { digest, size } = entry;
  try {
    const bytes = await readFile(blobPath(location.directory, digest));
    return digestOf(bytes) === digest ? readTaggedManifest(bytes, digest) : { digest, size };
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return { digest, size };
    const name = formatImage(location, tag);
    throw new PreheatError(`cannot read ${name}: ${messageOf(thrown)}`, { phase: 'observe', cause: thrown });
  }
}

async function remove(digest: Digest, directory: string, { signal }: CallOptions): Promise<void> {
  await using _lock = await lockLayout(directory, signal);
  const index = await readIndex(directory);
  if (index === undefined) return;
  const manifests = index.manifests.filter((entry) => entry.digest !== digest);
  if (manifests.length === index.manifests.length) return;
  await writeWhole(directory, indexPath(directory), JSON.stringify({ ...index, manifests }));
}

async function deleting<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof PreheatError || !(thrown instanceof Error) || !('syscall' in thrown)) throw thrown;
    throw new PreheatError(`cannot delete from the layout ${directory}: ${messageOf(thrown)}`, {
      phase: 'publish',
      hint: 'Make the folder behind "oci:" writable.',
      cause: thrown,
    });
  }
}

import { createReadStream } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { messageOf, PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { digestOf } from '../../oci/digest.ts';
import { gzipLayer } from '../../oci/gzip-layer.ts';
import type { Layer, LayerRole } from '../../oci/layer.ts';
import { MEDIA_TYPE } from '../../oci/media-types.ts';
import { isTag } from '../../oci/reference.ts';
import type { Staging } from '../../oci/staging.ts';
import { blobPath, createLayout, temporaryPath, writeWhole } from './layout-files.ts';
import { tagInLayout } from './layout-index.ts';
import { lockLayout } from './layout-lock.ts';

/**
 * Opens the run's staging layout in `directory`, which is made an OCI image layout where it is none yet. The caller
 * owns the folder and removes it. Throws `PreheatError` (build) when the folder cannot be written; each method does
 * too, and leaves no partial file behind when it fails.
 */
export async function openStaging(directory: string, { signal }: CallOptions): Promise<Staging> {
  signal.throwIfAborted();
  await writing(directory, () => createLayout(directory));
  return {
    directory,
    addLayer: (role, tar, options) => addLayer(directory, role, tar, options.signal),
    addBlob: (mediaType, bytes, options) => addBlob(directory, mediaType, bytes, options),
    readLayer: (layer) => createReadStream(blobPath(directory, layer.digest)),
    async addManifest(tag, mediaType, bytes, options) {
      if (!isTag(tag)) throw new RangeError(`not a tag: ${JSON.stringify(tag)}`);
      const manifest = await addBlob(directory, mediaType, bytes, options);
      await using _lock = await lockLayout(directory, options.signal);
      await writing(directory, () => tagInLayout(directory, manifest, [tag]));
      return manifest;
    },
  };
}

async function addLayer(
  directory: string,
  role: LayerRole,
  tar: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<Layer> {
  const temporary = temporaryPath(directory);
  try {
    const { digest, diffId, size } = await compressInto(directory, temporary, tar, signal);
    await writing(directory, () => rename(temporary, blobPath(directory, digest)));
    return { role, mediaType: MEDIA_TYPE.layerGzip, digest, diffId, size };
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

async function compressInto(
  directory: string,
  path: string,
  tar: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
) {
  await using file = await writing(directory, () => open(path, 'wx'));
  return await gzipLayer(tar, (piece) => writing(directory, () => writeAll(file, piece)), signal);
}

/** write(2) may take a part only, on a full disk for one. */
async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let offset = 0; offset < piece.byteLength;) {
    const { bytesWritten } = await file.write(piece, offset);
    offset += bytesWritten;
  }
}

async function addBlob(
  directory: string,
  mediaType: string,
  bytes: Uint8Array,
  { signal }: CallOptions,
): Promise<Descriptor> {
  signal.throwIfAborted();
  const digest = digestOf(bytes);
  await writing(directory, () => writeWhole(directory, blobPath(directory, digest), bytes));
  return { mediaType, digest, size: bytes.byteLength };
}

async function writing<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof PreheatError) throw thrown;
    throw new PreheatError(`cannot write to ${directory}: ${messageOf(thrown)}`, {
      phase: 'build',
      hint: 'Free space there, or name a state folder on a larger disk with --state.',
      cause: thrown,
    });
  }
}

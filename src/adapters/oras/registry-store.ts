import type { CallOptions, ContentStore } from '../../oci/content-store.ts';
import type { Digest } from '../../oci/digest.ts';
import { formatImage } from '../../oci/location.ts';
import type { Transfer, Uploader, UploadOptions } from '../../publish/uploader.ts';
import { resolveBaseImage, type ResolvedBase } from './base-image.ts';
import type { Oras } from './oras.ts';
import { createRegistryReader, type RegistryLocation } from './registry-reader.ts';
import { lacksBlob, restoreBlobs } from './restore-blobs.ts';
import { readStagedImage, type StagedImage } from './staged-image.ts';
import { bytesOf, blobsOf, countTransfer } from './transfer-lines.ts';

/** Untitled blobs are told of only with `-v` before oras 1.3, which takes the flag and ignores it. */
export const COPY_COMMAND: readonly string[] = ['cp', '-v', '--no-tty'];

/** Opens one repository of a registry for reading and writing. Nothing is asked before the first call. */
export function openRegistryStore(location: RegistryLocation, oras: Oras): ContentStore & Uploader {
  const reader = createRegistryReader(location, oras);
  const bases: ResolvedBase[] = [];
  const setTags = (digest: Digest, tags: readonly string[], options: CallOptions): Promise<void> =>
    tagManifest(location, digest, tags, oras, options);
  return {
    ...reader,
    async copyBase(base, options) {
      const image = await resolveBaseImage(base, oras, options);
      bases.push(image);
      const count = countTransfer(image.manifest);
      await oras.run(
        {
          doing: `copy base image ${base.reference} to ${location.registry}/${location.repository}`,
          phase: 'publish',
          command: COPY_COMMAND,
          sides: [image.location, location],
          operands: [image.name, `${location.registry}/${location.repository}`],
          bytes: bytesOf(blobsOf(image.manifest)),
          onLine: count.onLine,
        },
        options,
      );
      return count.total();
    },
    async upload(layout, tag, options) {
      const staged = await readStagedImage(layout, tag);
      const { manifest } = staged;
      const restore = () => restoreBlobs({ location, layout, manifest, bases }, reader, oras, options);
      const send = () => sendStaged({ location, layout, tag, ...staged }, oras, options);
      const sent = await sendWhole(send, restore);
      if (options.mayTag !== undefined && (await options.mayTag()))
        await setTags(staged.digest, [tag], options);
      return sent;
    },
    tag: setTags,
  };
}

async function sendWhole(send: () => Promise<Transfer>, restore: () => Promise<Transfer>): Promise<Transfer> {
  try {
    const sent = await send();
    // What needed nothing at all may be an old manifest whose blobs have gone.
    return sent.blobs === 0 ? await restore() : sent;
  } catch (thrown) {
    if (!lacksBlob(thrown)) throw thrown;
    const restored = await restore();
    if (restored.blobs === 0) throw thrown;
    const sent = await send();
    return { blobs: restored.blobs + sent.blobs, bytes: restored.bytes + sent.bytes };
  }
}

async function tagManifest(
  location: RegistryLocation,
  digest: Digest,
  tags: readonly string[],
  oras: Oras,
  options: CallOptions,
): Promise<void> {
  if (tags.length === 0) return;
  const name = formatImage(location, digest);
  const doing = `tag ${name} as ${tags.join(', ')}`;
  const { registry, repository } = location;
  await oras.run(
    {
      doing,
      phase: 'publish',
      directly: async (direct, call) => await direct.tag({ registry, repository, digest, tags }, call),
      command: ['tag'],
      sides: [location],
      operands: [name, ...tags],
    },
    options,
  );
}

interface StagedUpload extends StagedImage {
  readonly location: RegistryLocation;
  readonly layout: string;
  readonly tag: string;
}

async function sendStaged(
  { location, layout, tag, digest, manifest, bytes }: StagedUpload,
  oras: Oras,
  { signal, onProgress, mayTag }: UploadOptions,
): Promise<Transfer> {
  const { registry, repository } = location;
  const place = { registry, repository };
  const count = countTransfer(manifest, onProgress);
  const name = formatImage(location, tag);
  // Without a tag the manifest is sent by its digest.
  const target = mayTag === undefined ? name : `${location.registry}/${location.repository}`;
  await oras.run(
    {
      doing: `upload ${name}`,
      phase: 'publish',
      directly: async (direct, call) =>
        await direct.push(
          { ...place, layout, digest, onLine: count.onLine, ...(mayTag === undefined ? { tag } : {}) },
          call,
        ),
      command: COPY_COMMAND,
      sides: [{ kind: 'layout' }, location],
      // oras splits "path:tag" at an "@" in the path too; "." has none.
      cwd: layout,
      operands: [`.:${tag}`, target],
      bytes,
      onLine: count.onLine,
    },
    { signal },
  );
  return count.total();
}

import { canonicalJson } from '../kernel/canonical-json.ts';
import { isAbort, messageOf, PreheatError } from '../kernel/failure.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestOf, type DiffId, type Digest } from '../oci/digest.ts';
import { archiveParts, readArchiveManifest } from '../oci/docker-archive.ts';
import { ImageConfig } from '../oci/image-config.ts';
import type { Layer } from '../oci/layer.ts';
import type { Manifest } from '../oci/manifest.ts';
import { MEDIA_TYPE, ociMediaType } from '../oci/media-types.ts';
import type { Staging } from '../oci/staging.ts';
import { importedBaseTag } from '../oci/tags.ts';

/** A base image that came out of an engine and waits in staging. */
export interface ImportedBase {
  readonly manifest: Manifest;
  readonly descriptor: Descriptor;
  readonly config: ImageConfig;
}

export interface ImportOptions extends CallOptions {
  /**
   * The engine's ID of the image, which the tag carries; the config's digest when absent, as graph-driver stores
   * have it.
   */
  readonly imageId?: Digest;
  /** Tag and annotations of its manifest, where they are others than those of an engine's own image. */
  readonly named?: { readonly tag: string; readonly annotations: Readonly<Record<string, string>> };
  /**
   * Layers that a registry has already, such as those of an image that this one was built upon: they are taken as they
   * are, neither compressed nor staged. The caller brings them to where the image goes.
   */
  readonly known?: ReadonlyMap<DiffId, Descriptor>;
}

interface ReadArchive {
  readonly layers: ReadonlyMap<string, Layer>;
  readonly documents: ReadonlyMap<string, Uint8Array>;
}

/**
 * Puts an image that only an engine has into staging, from a `docker save` stream: each layer is compressed once, the
 * config keeps its bytes, the manifest gets the tag `base-<hex of image id>` or the one that is asked for. The same image gives the same bytes.
 * Throws `PreheatError` (build, `corrupt`) for an archive that does not hold together, and what `archive` or `staging`
 * throw.
 */
export async function importBase(
  archive: AsyncIterable<Uint8Array>,
  staging: Staging,
  options: ImportOptions,
): Promise<ImportedBase> {
  try {
    const parts = await readArchive(archive, staging, options);
    const { layers, configBytes } = assemble(parts);
    const config = ImageConfig.parse(JSON.parse(Buffer.from(configBytes).toString('utf8')));
    refuseOtherLayers(layers, config);
    const configDescriptor = await staging.addBlob(MEDIA_TYPE.config, configBytes, options);
    const { named } = options;
    const manifest = manifestOf(configDescriptor, layers, named?.annotations);
    const tag = named?.tag ?? importedBaseTag(options.imageId ?? digestOf(configBytes));
    const bytes = Buffer.from(canonicalJson(manifest));
    const descriptor = await staging.addManifest(tag, MEDIA_TYPE.manifest, bytes, options);
    return { manifest, descriptor, config };
  } catch (thrown) {
    if (thrown instanceof PreheatError || isAbort(thrown) || options.signal.aborted) throw thrown;
    throw new PreheatError(`cannot import the base image from the engine: ${messageOf(thrown)}`, {
      phase: 'build',
      code: 'corrupt',
      hint: 'Check the image with: docker save IMAGE | tar t',
      cause: thrown,
    });
  }
}

async function readArchive(
  archive: AsyncIterable<Uint8Array>,
  staging: Staging,
  options: ImportOptions,
): Promise<ReadArchive> {
  const isKnown = knownLayers(options.known ?? new Map());
  const layers = new Map<string, Layer>();
  const documents = new Map<string, Uint8Array>();
  const links: (readonly [path: string, target: string])[] = [];
  for await (const part of archiveParts(archive, options.signal)) {
    if (part.kind === 'layer') {
      const layer = isKnown(part.path) ?? (await staging.addLayer('base', part.tar, options));
      layers.set(part.path, layer);
    } else if (part.kind === 'document') documents.set(part.path, part.bytes);
    else links.push([part.path, part.target]);
  }
  for (const [path, target] of links) {
    const layer = layers.get(target);
    if (layer !== undefined) layers.set(path, layer);
  }
  return { layers, documents };
}

/**
 * Finds a known layer by the name of its file in the archive: engines from 25 on name a layer by the digest of the bytes
 * that they give out, which are the tar itself, or the stored blob with the containerd store. Older names tell nothing.
 */
function knownLayers(known: ReadonlyMap<DiffId, Descriptor>): (path: string) => Layer | undefined {
  const byDigest = new Map<string, Layer>();
  for (const [diffId, { mediaType, digest, size }] of known) {
    const layer = { role: 'base', mediaType: ociMediaType(mediaType), digest, diffId, size } as const;
    byDigest.set(diffId, layer);
    byDigest.set(digest, layer);
  }
  return (path) => {
    const [, hex] = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(path) ?? [];
    return hex === undefined ? undefined : byDigest.get(`sha256:${hex}`);
  };
}

function assemble({ layers, documents }: ReadArchive) {
  const manifest = documents.get('manifest.json');
  if (manifest === undefined) throw new Error('it has no manifest.json');
  const image = readArchiveManifest(manifest);
  const configBytes = documents.get(image.config);
  if (configBytes === undefined) throw new Error(`it lacks its config ${image.config}`);
  return {
    configBytes,
    layers: image.layers.map((path) => {
      const layer = layers.get(path);
      if (layer === undefined) throw new Error(`it lacks the layer ${path}`);
      return layer;
    }),
  };
}

function refuseOtherLayers(layers: readonly Layer[], { rootfs }: ImageConfig): void {
  const same =
    layers.length === rootfs.diff_ids.length &&
    layers.every(({ diffId }, position) => diffId === rootfs.diff_ids[position]);
  if (!same) throw new Error('its layers are others than its config lists');
}

function manifestOf(
  config: Descriptor,
  layers: readonly Layer[],
  annotations?: Readonly<Record<string, string>>,
): Manifest {
  return {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.manifest,
    config,
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    ...(annotations && { annotations: { ...annotations } }),
  };
}

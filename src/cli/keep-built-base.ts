import { guardBuiltBase } from '../build/guard-built-base.ts';
import { readBaseContent, type BaseContent } from '../observe/base-content.ts';
import type { DockerfileFacts } from '../observe/dockerfile-facts.ts';
import type { BaseFacts } from '../observe/facts.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { DiffId, Digest } from '../oci/digest.ts';
import { parseReference } from '../oci/reference.ts';
import type { Staging } from '../oci/staging.ts';
import type { BaseDecision } from '../plan/base-decision.ts';
import { importBase } from '../publish/import-base.ts';
import type { Transfer } from '../publish/uploader.ts';
import { platformOf } from './machine-platform.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

export interface KeepRequest {
  readonly dockerfile: DockerfileFacts;
  readonly decision: Extract<BaseDecision, { readonly kind: 'miss' }>;
  /** What the engine knows the built image by. */
  readonly imageId: Digest;
  /** What its commands were given and must not have written down, by name. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface KeptBase {
  readonly base: BaseFacts;
  /** The blobs of layers that the build made. */
  readonly made: ReadonlySet<Digest>;
  readonly uploaded: Transfer;
}

/**
 * Brings a built base to the target: layers that an image named in the Dockerfile has in a registry are mounted or
 * copied as they are, the others are exported from the engine, compressed and sent. Throws a `PreheatError` (build)
 * where a secret stands in it.
 */
export async function keepBuiltBase(
  { dockerfile, decision, imageId, secrets }: KeepRequest,
  staging: Staging,
  ports: Ports,
  session: Session,
  onProgress: (detail: string) => void,
): Promise<KeptBase> {
  const { signal } = session;
  onProgress('exporting it from the engine');
  const named = await contentsOf(dockerfile, ports, session);
  const known = new Map(named.flatMap(({ content }) => layersOf(content)));
  const guard = guardBuiltBase(dockerfile.file, staging, secrets);
  const { manifest, descriptor } = await importBase(
    ports.exporter.export(imageId, { signal }),
    guard.staging,
    {
      signal,
      known,
      named: { tag: decision.tag, annotations: { [ANNOTATION.baseKey]: decision.key } },
    },
  );
  guard.check();
  const transfers: Transfer[] = [];
  const used = new Set(manifest.layers.map(({ digest }) => digest));
  for (const { image, content } of named) {
    if (!content.manifest.layers.some(({ digest }) => used.has(digest))) continue;
    const { reference, digest } = image;
    const platform = platformOf(session.settings);
    transfers.push(await ports.target.copyBase({ reference, digest, platform }, { signal }));
  }
  transfers.push(await ports.target.upload(staging.directory, decision.tag, { signal, onProgress }));
  return {
    base: { reference: dockerfile.file, digest: descriptor.digest, source: 'target' },
    made: used.difference(new Set([...known.values()].map(({ digest }) => digest))),
    uploaded: {
      blobs: transfers.reduce((sum, { blobs }) => sum + blobs, 0),
      bytes: transfers.reduce((sum, { bytes }) => sum + bytes, 0),
    },
  };
}

interface NamedImage {
  readonly image: BaseFacts;
  readonly content: BaseContent;
}

/** Manifests and configs of the images that a Dockerfile names, as far as a registry has them. */
async function contentsOf(
  { images }: DockerfileFacts,
  { openStore }: Ports,
  { signal, settings }: Session,
): Promise<readonly NamedImage[]> {
  const options = { signal, platform: platformOf(settings) };
  return await Promise.all(
    images
      .filter(({ source }) => source === 'registry')
      .map(async (image) => {
        const store = openStore(parseReference(image.reference));
        return { image, content: await readBaseContent(image, store, image.digest, options) };
      }),
  );
}

function layersOf({ manifest, config }: BaseContent): readonly (readonly [DiffId, Descriptor])[] {
  return manifest.layers.flatMap((layer, position) => {
    const diffId = config.rootfs.diff_ids[position];
    return diffId === undefined ? [] : [[diffId, layer] as const];
  });
}

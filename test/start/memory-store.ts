import type { ContentStore } from '../../src/oci/content-store.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestOf, parseDiffId, type DiffId } from '../../src/oci/digest.ts';
import type { Location } from '../../src/oci/location.ts';
import type { Manifest } from '../../src/oci/manifest.ts';
import { MEDIA_TYPE } from '../../src/oci/media-types.ts';
import type { LayoutBlobs } from '../../src/start/layout-blobs.ts';

export const SIGNAL = { signal: new AbortController().signal };

/** A content store in memory, which counts what it is asked. */
export interface MemoryStore extends ContentStore, LayoutBlobs {
  readonly asked: string[];
  readonly blobs: Map<string, Uint8Array>;
  add(tag: string, image: MemoryImage): Manifest;
}

export interface MemoryImage {
  readonly layers: readonly { readonly diffId: DiffId; readonly blob: Uint8Array }[];
  readonly label?: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

export function memoryStore(location: Location): MemoryStore {
  const asked: string[] = [];
  const blobs = new Map<string, Uint8Array>();
  const tags = new Map<string, { descriptor: Descriptor; manifest: Manifest }>();
  const keep = (mediaType: string, bytes: Uint8Array): Descriptor => {
    const digest = digestOf(bytes);
    blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  };
  return {
    location,
    asked,
    blobs,
    add(tag, image) {
      const layers = image.layers.map(({ blob }) => keep(MEDIA_TYPE.layerGzip, blob));
      const config = keep(MEDIA_TYPE.config, configBytes(image));
      const manifest: Manifest = { schemaVersion: 2, mediaType: MEDIA_TYPE.manifest, config, layers };
      tags.set(tag, {
        descriptor: keep(MEDIA_TYPE.manifest, Buffer.from(JSON.stringify(manifest))),
        manifest,
      });
      return manifest;
    },
    async resolve(tag) {
      asked.push(`resolve ${tag}`);
      return tags.get(tag)?.descriptor;
    },
    async readManifest(tag) {
      asked.push(`manifest ${tag}`);
      return tags.get(tag);
    },
    async readBlob({ digest }) {
      asked.push('blob');
      return blobs.get(digest);
    },
    async hasBlob({ digest }) {
      asked.push('blob');
      return blobs.has(digest);
    },
    async listTags() {
      asked.push('list');
      return [...tags.keys()];
    },
    async *open({ digest }) {
      asked.push(`open ${digest}`);
      yield blobs.get(digest) ?? new Uint8Array();
    },
  };
}

/** A layer of bytes that are no layer, for where nobody unpacks them. */
export function someLayer(content: string): MemoryImage['layers'][number] {
  return { blob: Buffer.from(content), diffId: parseDiffId(digestOf(`diff ${content}`)) };
}

/** The label that `assemble` writes. */
export function labelText(more: Readonly<Record<string, unknown>> = {}): string {
  const folders = { checkoutLocation: '/workspace/app', workspaceLocation: '/workspace/app' };
  return JSON.stringify({ schemaVersion: 1, ...folders, user: 'gitpod', ports: [], tasks: [], ...more });
}

function configBytes({ layers, label, config }: MemoryImage): Uint8Array {
  return Buffer.from(
    JSON.stringify({
      os: 'linux',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
      ...config,
      config: {
        ...(config?.['config'] as object | undefined),
        Labels: {
          'org.opencontainers.image.revision': '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d',
          ...(label === undefined ? {} : { 'dev.preheat.workspace': label }),
        },
      },
    }),
  );
}

import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStaging } from '../../src/adapters/layout/staging-layout.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import type { Layer } from '../../src/oci/layer.ts';
import type { Manifest } from '../../src/oci/manifest.ts';
import { MEDIA_TYPE } from '../../src/oci/media-types.ts';
import type { Staging } from '../../src/oci/staging.ts';

/** A signal that ends a test's calls long before mocha would. */
export function testSignal(): AbortSignal {
  return AbortSignal.timeout(100_000);
}

/** A staging layout in a folder of its own, removed when it is disposed of. */
export interface TestStaging extends AsyncDisposable {
  readonly staging: Staging;
}

export async function openTestStaging(): Promise<TestStaging> {
  const folder = await mkdtempDisposable(join(tmpdir(), 'preheat-staging-'));
  const staging = await openStaging(folder.path, { signal: testSignal() });
  return { staging, [Symbol.asyncDispose]: () => folder.remove() };
}

export interface TestImage {
  readonly manifest: Manifest;
  readonly descriptor: Descriptor;
  readonly layers: readonly Layer[];
}

/** Bytes that gzip cannot shrink, the same for the same seed. */
export function noise(seed: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = seed >>> 0 || 1;
  for (let index = 0; index < size; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

/** Stages an image with one layer for each content; `kept` are layers that the target is to have already. */
export async function stageImage(
  staging: Staging,
  tag: string,
  contents: readonly Uint8Array[],
  options: { readonly annotations?: Record<string, string>; readonly kept?: readonly Layer[] } = {},
): Promise<TestImage> {
  const signal = testSignal();
  const layers: Layer[] = [...(options.kept ?? [])];
  for (const content of contents) layers.push(await staging.addLayer('task', chunks(content), { signal }));
  const config = {
    os: 'linux',
    architecture: 'amd64',
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
  };
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.manifest,
    config: await staging.addBlob(MEDIA_TYPE.config, Buffer.from(JSON.stringify(config)), { signal }),
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    ...(options.annotations === undefined ? {} : { annotations: options.annotations }),
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  return {
    manifest,
    layers,
    descriptor: await staging.addManifest(tag, MEDIA_TYPE.manifest, bytes, { signal }),
  };
}

/** Bytes as a stream of uneven pieces. */
export async function* chunks(bytes: Uint8Array, size = 10_007): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.byteLength; offset += size) yield bytes.subarray(offset, offset + size);
}

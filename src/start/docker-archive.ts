import type { CallOptions } from '../oci/content-store.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { hexOf } from '../oci/digest.ts';
import type { Manifest } from '../oci/manifest.ts';
import type { TarEntry } from '../oci/tar-entry.ts';
import { tarOf } from '../oci/tar-writer.ts';
import type { LayoutBlobs } from './layout-blobs.ts';

export interface DockerArchiveRequest {
  readonly manifest: Manifest;
  /** How many layers, from the bottom, the engine has: they are named but left out. */
  readonly presentLayers: number;
  /** Name and tag that the engine gives the image, so that pruning does not take it for a leftover. */
  readonly repositoryTag: string;
}

/**
 * Streams what `docker load` takes (Docker Image Specification v1.2, "Combined Image JSON + Filesystem Changeset
 * Format"): the config, the missing layers and the list that names all of them. Layers stay compressed, since engines
 * recognise gzip. A layer that the engine has under the same chain of diff IDs is not opened by it, hence may be absent
 * (https://github.com/moby/moby/blob/v26.1.5/image/tarexport/load.go).
 */
export function dockerArchive(
  request: DockerArchiveRequest,
  blobs: LayoutBlobs,
  options: CallOptions,
): AsyncIterable<Uint8Array> {
  const { manifest, presentLayers, repositoryTag } = request;
  const configName = `${hexOf(manifest.config.digest)}.json`;
  const list = Buffer.from(
    JSON.stringify([
      { Config: configName, RepoTags: [repositoryTag], Layers: manifest.layers.map(layerName) },
    ]),
  );
  const missing = new Map(manifest.layers.slice(presentLayers).map((layer) => [layerName(layer), layer]));
  const blob = (path: string, descriptor: Descriptor): TarEntry =>
    file(path, descriptor.size, () => blobs.open(descriptor, options));
  return tarOf([
    file('manifest.json', list.length, () => chunksOf(list)),
    blob(configName, manifest.config),
    ...[...missing].map(([name, layer]) => blob(name, layer)),
  ]);
}

function file(path: string, size: number, open: () => AsyncIterable<Uint8Array>): TarEntry {
  return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, size, open };
}

// oxlint-disable-next-line eslint/require-await -- a whole content where a stream is wanted
async function* chunksOf(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

/** By digest, so that a layer which occurs twice is written once. */
function layerName({ digest }: Descriptor): string {
  return `${hexOf(digest)}.tar`;
}

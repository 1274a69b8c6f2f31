import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Manifest } from '../../src/oci/manifest.ts';
import { stackLayers } from '../fidelity/stack-layers.ts';
import type { FileTree } from '../fidelity/file-tree.ts';

/** The file system of an image in an OCI layout, by the letter of the image-spec. */
export async function publishedTree(layout: string, digest: string): Promise<FileTree> {
  const blob = (of: string) => readFile(join(layout, 'blobs', ...of.split(':')));
  const { layers } = Manifest.parse(JSON.parse((await blob(digest)).toString()));
  return stackLayers(await Promise.all(layers.map(async (layer) => gunzipSync(await blob(layer.digest)))));
}

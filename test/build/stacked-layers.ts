import { gunzipSync } from 'node:zlib';
import type { Layer } from '../../src/oci/layer.ts';
import type { Staging } from '../../src/oci/staging.ts';
import type { FileTree } from '../fidelity/file-tree.ts';
import { readLayer } from '../fidelity/read-layer.ts';
import { stackLayers } from '../fidelity/stack-layers.ts';

/**
 * The file system that staged layers make. Stricter than the image-spec: in a layer each path comes once, each whiteout
 * takes something away, and each folder is described before what it holds (those of preheat's own files apart).
 */
export async function stackStaged(layers: readonly Layer[], staging: Staging): Promise<FileTree> {
  const tars: Buffer[] = [];
  for (const layer of layers) {
    const tar = gunzipSync(Buffer.concat(await Array.fromAsync(staging.readLayer(layer))));
    checkLayer(tar, stackLayers(tars), layer);
    tars.push(tar);
  }
  return stackLayers(tars);
}

function checkLayer(tar: Buffer, below: FileTree, { role }: Layer): void {
  const seen = new Set<string>();
  for (const { path } of readLayer(tar)) {
    if (seen.has(path)) throw new Error(`the ${role} layer has ${path} twice`);
    seen.add(path);
    const [, folder = '', taken] = /^(.*\/)?\.wh\.([^/]+)$/s.exec(path) ?? [];
    if (taken !== undefined && !below.has(`${folder}${taken}`))
      throw new Error(`the ${role} layer takes ${folder}${taken} away, which is not there`);
    const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    const isDescribed = parent === '' || seen.has(parent) || taken !== undefined;
    if (!isDescribed) throw new Error(`the ${role} layer does not describe the folder of ${path}`);
  }
}

/** What is not one checkout's pack rather than another's. */
export function apartFromPacks(tree: FileTree): FileTree {
  return new Map([...tree].filter(([path]) => !/\/objects\/pack\/pack-[0-9a-f]+\.(?:pack|idx)$/.test(path)));
}

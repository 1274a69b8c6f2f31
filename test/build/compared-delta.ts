import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import type { SourceDelta } from '../../src/build/source-delta.ts';
import { readLayer } from '../fidelity/read-layer.ts';
import type { DeltaScene, SceneRequest } from './delta-scene.ts';
import { apartFromPacks, stackStaged } from './stacked-layers.ts';
import { unpackLayers } from './unpacked-layers.ts';

/** Makes keyframe and delta, and holds them against the commit's own source layer. */
export async function compare(
  scene: DeltaScene,
  clone: string,
  earlier: SceneRequest,
  request: SceneRequest,
): Promise<SourceDelta> {
  const { keyframe, layer } = await scene.keyframe(clone, earlier);
  const own = await scene.own(clone, request);
  const delta = await scene.delta(clone, keyframe, request);
  const layers = delta.layer === undefined ? [layer] : [layer, delta.layer];
  const stacked = await stackStaged(layers, scene.staging);
  assert.deepEqual(apartFromPacks(stacked), apartFromPacks(await stackStaged([own.layer], scene.staging)));
  await using made = await unpackLayers(layers, scene);
  assert.equal(made.git('status', '--porcelain'), '');
  assert.equal(made.git('fsck', '--full', '--no-dangling'), '');
  return delta;
}

/** The paths of a delta's entries, folders apart, below `/workspace/app` where they are there. */
export async function leavesOf({ layer }: SourceDelta, { staging }: DeltaScene): Promise<readonly string[]> {
  if (layer === undefined) return [];
  const tar = gunzipSync(Buffer.concat(await Array.fromAsync(staging.readLayer(layer))));
  return [...readLayer(tar)]
    .filter(({ flag }) => flag !== '5')
    .map(({ path }) => path.replace(/^workspace\/app\//, '').replace(/pack-[0-9a-f]+/, 'pack'));
}

/** What another commit changes in `.git`, when it changes a file. */
export const GIT_ALONE = [
  '.git/index',
  '.git/objects/pack/pack.idx',
  '.git/objects/pack/pack.pack',
  '.git/packed-refs',
];

/** The request for a commit. */
export function at(commit: string, more: Partial<SceneRequest['checkout']> = {}): SceneRequest {
  return { checkout: { commit, ...more } };
}

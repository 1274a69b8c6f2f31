import { join } from 'node:path';
import { openDeltaTree } from '../../src/adapters/git/delta-tree.ts';
import type { SourceTreeOptions } from '../../src/adapters/git/laying-options.ts';
import { openSourceTree } from '../../src/adapters/git/source-tree.ts';
import { openStaging } from '../../src/adapters/layout/staging-layout.ts';
import { makeSourceDelta, type SourceDelta } from '../../src/build/source-delta.ts';
import {
  makeSourceLayer,
  type KeyframeLayer,
  type SourceLayer,
  type SourceLayerRequest,
} from '../../src/build/source-layer.ts';
import { KeyframeText, keyframeText, type Keyframe } from '../../src/observe/keyframe.ts';
import type { Staging } from '../../src/oci/staging.ts';
import { temporaryFolder, untilLong } from '../adapters/git/git-fixture.ts';

export type SceneRequest = Omit<Partial<SourceLayerRequest>, 'checkout'> & {
  readonly checkout: Partial<SourceLayerRequest['checkout']> & { readonly commit: string };
};

/** Layers of commits in one staging layout. */
export interface DeltaScene extends AsyncDisposable {
  readonly staging: Staging;
  readonly folder: string;
  keyframe(clone: string, request: SceneRequest): Promise<KeyframeLayer>;
  own(clone: string, request: SceneRequest): Promise<SourceLayer>;
  delta(
    clone: string,
    keyframe: Keyframe,
    request: SceneRequest,
    earlierClone?: string,
  ): Promise<SourceDelta>;
}

const OWNER = { uid: 300_033, gid: 300_034 };

/** Makes layers as builds do; keyframes go through the text that a registry keeps. */
export async function openDeltaScene(options: SourceTreeOptions = {}): Promise<DeltaScene> {
  const folder = await temporaryFolder();
  const staging = await openStaging(join(folder.path, 'staging'), untilLong());
  return {
    staging,
    folder: folder.path,
    async keyframe(clone, request) {
      const sourceTree = openSourceTree(clone, options);
      const made = await makeSourceLayer(wholeRequest(request), { sourceTree, staging }, untilLong());
      return { ...made, keyframe: KeyframeText.parse(keyframeText(made.keyframe)) };
    },
    async own(clone, request) {
      const sourceTree = openSourceTree(clone, options);
      return await makeSourceLayer(wholeRequest(request), { sourceTree, staging }, untilLong());
    },
    async delta(clone, keyframe, request, earlierClone = clone) {
      const deltaTree = openDeltaTree(clone, earlierClone, options);
      const made = await makeSourceDelta(
        wholeRequest(request),
        keyframe,
        { deltaTree, staging },
        untilLong(),
      );
      if ('unusable' in made) throw new Error(made.unusable);
      return made;
    },
    [Symbol.asyncDispose]: async () => await folder[Symbol.asyncDispose](),
  };
}

function wholeRequest({ checkout, ...more }: SceneRequest): SourceLayerRequest {
  const ref = { kind: 'branch', name: 'main' } as const;
  return {
    location: '/workspace/app',
    owner: OWNER,
    files: [],
    ...more,
    checkout: { ref, remoteUrl: undefined, historyDepth: 10, ...checkout },
  };
}

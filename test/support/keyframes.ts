import type { Keyframe } from '../../src/observe/keyframe.ts';
import { digestOf, parseDiffId } from '../../src/oci/digest.ts';
import { USER } from './records.ts';

const digest = digestOf('layer');
const LAYER: Keyframe['layer'] = {
  role: 'source',
  mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
  digest,
  diffId: parseDiffId(digest),
  size: 1000,
};

/** A keyframe of a commit without submodules; tests change what they are about. */
export function keyframeFor(commit: string, layer: Partial<Keyframe['layer']> = {}): Keyframe {
  const mode = { submodules: 'recursive', lfs: 'pointers' } as const;
  const nothing = { submodules: [], gitFiles: [], gitFolders: [], packs: [], sizes: [] };
  return {
    schemaVersion: 1,
    layer: { ...LAYER, ...layer },
    location: '/workspace/app',
    owner: { uid: USER.uid, gid: USER.gid },
    historyDepth: 50,
    checkout: { commit, cut: [], mode, ...nothing },
    files: [],
  };
}

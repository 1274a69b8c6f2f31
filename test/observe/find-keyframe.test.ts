import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openLayoutStore } from '../../src/adapters/layout/layout-store.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import { findKeyframe } from '../../src/observe/find-keyframe.ts';
import type { Keyframe } from '../../src/observe/keyframe.ts';
import type { ContentStore } from '../../src/oci/content-store.ts';
import { keyframeTag, type TagScope } from '../../src/oci/tags.ts';
import { keepKeyframe } from '../../src/publish/keep-keyframe.ts';
import { keyframeFor } from '../support/keyframes.ts';
import { silentLog } from '../support/silent-log.ts';
import { chunks, noise, openTestStaging, testSignal } from '../support/staged-image.ts';

const signal = testSignal();
const PLATFORM = { os: 'linux', architecture: 'amd64' };
const MAIN = { kind: 'protected', branch: 'main' } as const;
const FEATURE = { kind: 'branch', branch: 'feature' } as const;
const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
  string,
];

/** Keyframes in a layout that is staging and target in one. */
async function openPlace(...kept: readonly (readonly [TagScope, number, string])[]) {
  const opened = await openTestStaging();
  const { staging } = opened;
  const { directory } = staging;
  const { log, lines } = silentLog();
  const stays = {
    copyBase: () => assert.fail(),
    upload: async () => ({ blobs: 0, bytes: 0 }),
    tag: () => assert.fail(),
  };
  const layers = new Map<string, Keyframe['layer']>();
  for (const [scope, number, commit] of kept) {
    const layer = await staging.addLayer('source', chunks(noise(number, 3_000)), { signal });
    const keyframe = keyframeFor(commit, layer);
    const tag = keyframeTag(scope, number, commit);
    await keepKeyframe({ tag, keyframe, platform: PLATFORM }, { staging, target: stays, log }, { signal });
    layers.set(tag, layer);
  }
  const store = openLayoutStore(
    { kind: 'layout', directory },
    { copyBase: () => assert.fail(), copyStaged: () => assert.fail() },
  );
  const find = async (scopes: readonly string[], ancestor?: string, more: Partial<ContentStore> = {}) => {
    const target = { ...store, ...more };
    const tags = await store.listTags({ signal });
    const asked: string[][] = [];
    const nearestAncestor = async (_: string, candidates: ReadonlySet<string>) => {
      asked.push([...candidates]);
      return ancestor;
    };
    const found = await findKeyframe(
      { commit: D, scopes, tags },
      { target, repository: { nearestAncestor }, log },
      { signal },
    );
    return {
      tag: found.nearest?.tag,
      newest: found.newest,
      asked: asked.flat(),
      keyframe: found.nearest?.keyframe,
    };
  };
  return { ...opened, find, lines, layers, directory, store };
}

describe('findKeyframe', () => {
  it('takes the nearest ancestor that the clone knows, of whichever scope may be read', async () => {
    await using place = await openPlace([MAIN, 1, A], [MAIN, 2, B], [FEATURE, 1, C]);
    const scopes = ['branch.feature', 'protected.main'];
    const found = await place.find(scopes, A);
    assert.equal(found.tag, keyframeTag(MAIN, 1, A));
    assert.equal(found.keyframe?.checkout.commit, A);
    assert.equal(found.newest, 1);
    assert.deepEqual(found.asked.toSorted(), [A, B, C]);
  });

  it('takes the newest of the best scope where the clone knows none, and none of other scopes', async () => {
    await using place = await openPlace([MAIN, 9, A], [MAIN, 10, B], [FEATURE, 1, C]);
    assert.equal((await place.find(['protected.main'])).tag, keyframeTag(MAIN, 10, B));
    assert.equal((await place.find(['branch.feature', 'protected.main'])).tag, keyframeTag(FEATURE, 1, C));
    const other = await place.find(['branch.other', 'protected.main']);
    assert.deepEqual([other.tag, other.newest], [keyframeTag(MAIN, 10, B), 0]);
    assert.deepEqual((await place.find(['protected.main'])).newest, 10);
    const none = await place.find(['pr.7']);
    assert.deepEqual([none.tag, none.asked, none.newest], [undefined, [], 0]);
    assert.deepEqual(place.lines, []);
  });

  it('does without one whose layer has gone, with one line', async () => {
    await using place = await openPlace([MAIN, 1, A]);
    const digest = [...place.layers.values()][0]?.digest ?? '';
    await rm(join(place.directory, 'blobs', ...digest.split(':')));
    const found = await place.find(['protected.main'], A);
    assert.deepEqual([found.tag, found.newest], [undefined, 1]);
    assert.equal(place.lines.length, 1);
    assert.match(
      place.lines[0] ?? '',
      /cannot use the keyframe .*: its layer sha256:[0-9a-f]+ has gone; the sources/,
    );
  });

  it('does without one that cannot be read, unless the registry refuses, and where no tags are known', async () => {
    await using place = await openPlace([MAIN, 4, A]);
    const failing = (code: 'failed' | 'unauthorized') => ({
      readManifest: async () => {
        throw new PreheatError('cannot read it', { phase: 'observe', code });
      },
    });
    const { tag, newest } = await place.find(['protected.main'], A, failing('failed'));
    assert.deepEqual([tag, newest], [undefined, 4]);
    assert.match(
      place.lines[0] ?? '',
      /cannot look for a keyframe: cannot read it; the sources are laid whole/,
    );
    await assert.rejects(place.find(['protected.main'], A, failing('unauthorized')), {
      code: 'unauthorized',
    });
    const repository = { nearestAncestor: () => assert.fail() };
    const question = { commit: D, scopes: ['protected.main'], tags: undefined };
    const { log } = silentLog();
    assert.deepEqual(await findKeyframe(question, { target: place.store, repository, log }, { signal }), {
      newest: 0,
    });
  });
});

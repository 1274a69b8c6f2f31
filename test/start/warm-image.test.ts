import assert from 'node:assert/strict';
import { findWarmImage } from '../../src/start/warm-image.ts';
import { labelText, memoryStore, SIGNAL, someLayer } from './memory-store.ts';

const LOCATION = { kind: 'registry', registry: 'registry.example', repository: 'team/app' } as const;
const REQUEST = { candidates: [{ tag: 'commit-1', why: 'commit 1a2b3c4' }] };

describe('findWarmImage', () => {
  it('reads manifest, config and label of the first candidate', async () => {
    const store = memoryStore(LOCATION);
    store.add('commit-1', { layers: [someLayer('a')], label: labelText({ user: 'node', more: 1 }) });
    const warm = await findWarmImage(REQUEST, store, SIGNAL);
    assert.equal(warm.image, `registry.example/team/app@${warm.digest}`);
    assert.equal(warm.label.user, 'node');
    assert.equal(warm.config.rootfs.diff_ids.length, 1);
    assert.deepEqual(store.asked, ['resolve commit-1', 'manifest commit-1', 'blob']);
  });

  it('says what it looked for when nothing is warm', async () => {
    const candidates = ['a', 'b', 'c', 'd', 'e'].map((tag) => ({ tag, why: `commit ${tag}` }));
    await assert.rejects(findWarmImage({ candidates }, memoryStore(LOCATION), SIGNAL), {
      phase: 'start',
      code: 'not-found',
      message:
        'cannot find a warm image in registry.example/team/app: none for commit a, commit b, commit c and 2 more',
    });
    await assert.rejects(
      findWarmImage({ candidates: [] }, memoryStore(LOCATION), SIGNAL),
      /there is nothing to look for$/,
    );
  });

  it('refuses what is no workspace image', async () => {
    for (const [label, why] of [
      [undefined, /it has no label dev\.preheat\.workspace$/],
      ['{', /its label is no JSON/],
      ['{"schemaVersion":2}', /its label says/],
      [labelText({ ports: [{ first: 0, last: 70000, onOpen: 'notify' }] }), /ports\[0\]\.first/],
    ] as const) {
      const store = memoryStore(LOCATION);
      store.add('commit-1', { layers: [], ...(label === undefined ? {} : { label }) });
      await assert.rejects(findWarmImage(REQUEST, store, SIGNAL), { code: 'corrupt', message: why });
    }
  });

  it('tells a config that has gone or cannot be read', async () => {
    const store = memoryStore(LOCATION);
    const { config } = store.add('commit-1', { layers: [], label: labelText() });
    store.blobs.set(config.digest, Buffer.from('{}'));
    await assert.rejects(
      findWarmImage(REQUEST, store, SIGNAL),
      /cannot start the image tagged commit-1: its config cannot be read$/,
    );
    store.blobs.delete(config.digest);
    await assert.rejects(findWarmImage(REQUEST, store, SIGNAL), /its config has gone$/);
  });
});

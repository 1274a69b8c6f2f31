import assert from 'node:assert/strict';
import { join } from 'node:path';
import { completeClone } from '../../src/adapters/git/complete-clone.ts';
import { untilLong } from '../adapters/git/git-fixture.ts';
import { cloneAsPipelines, ORIGIN, serveRepository } from '../adapters/git/pipelines-clone.ts';
import { openDeltaScene } from './delta-scene.ts';

const MAIN = { kind: 'branch', name: 'main' } as const;

describe('makeSourceDelta from clones of all kinds', () => {
  it('gives the same bytes, whether the clone has the keyframe’s commit or its origin', async () => {
    await using served = await serveRepository({ commits: 24 });
    const { source, proxy } = served;
    source.git('checkout', '--quiet', '-b', 'side', 'main~6');
    const aside = await source.commit({ 'aside.txt': 'aside\n' });
    source.git('checkout', '--quiet', 'main');
    const origin = { kind: 'proxied', url: ORIGIN, proxy: proxy.url } as const;
    const requestOf = (commit: string) => ({ checkout: { commit, historyDepth: 8 } });
    const later = source.git('rev-parse', 'main');
    await using scene = await openDeltaScene();
    const whole = cloneAsPipelines(served, join(scene.folder, 'whole'));
    const clones = {
      shallow: ['--depth=3', '--single-branch'],
      'one commit': ['--depth=1'],
      partial: ['--filter=blob:none', '--no-checkout', '--single-branch'],
    };
    for (const earlier of [source.git('rev-parse', 'main~10'), aside]) {
      const { keyframe } = await scene.keyframe(source.path, requestOf(earlier));
      const expected = await scene.delta(whole, keyframe, requestOf(later));
      assert.ok(expected.layer);
      for (const [name, args] of Object.entries(clones)) {
        const clone = cloneAsPipelines(served, join(scene.folder, `${name} for ${earlier}`), { args });
        const complete = async (directory: string, commit: string) =>
          await completeClone({ directory, commit, ref: MAIN, historyDepth: 8, origin }, {}, untilLong());
        await using now = await complete(clone, later);
        await using before = await complete(now.directory, earlier);
        const { layer } = await scene.delta(now.directory, keyframe, requestOf(later), before.directory);
        assert.equal(layer?.digest, expected.layer.digest, name);
      }
    }
  });
});

import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openRegistryStore } from '../../../src/adapters/oras/registry-store.ts';
import { hexOf, type Digest } from '../../../src/oci/digest.ts';
import { testOras } from '../../support/oras.ts';
import { startRegistry, type TestRegistry } from '../../support/registry.ts';
import { noise, openTestStaging, stageImage, testSignal } from '../../support/staged-image.ts';

/** Takes a blob from a repository, as a clean-up does that works while images are pushed. */
async function lose({ storage }: TestRegistry, digest: Digest): Promise<void> {
  const place = 'docker/registry/v2/repositories/a/b/_layers/sha256';
  await rm(join(storage, place, hexOf(digest)), { recursive: true });
}

describe('an upload to a registry that has lost a blob', () => {
  for (const [what, pick] of [
    ['a layer', 0],
    ['the config', 1],
  ] as const) {
    it(`of ${what} behind a manifest that is still there makes the image whole`, async () => {
      await using registry = await startRegistry();
      await using staged = await openTestStaging();
      const options = { signal: testSignal() };
      const location = { kind: 'registry', registry: registry.host, repository: 'a/b' } as const;
      const store = openRegistryStore(location, testOras());
      const { manifest } = await stageImage(staged.staging, 'v1', [noise(1, 20_000), noise(2, 20_000)]);
      await store.upload(staged.staging.directory, 'v1', options);
      const lost = [manifest.layers[0], manifest.config][pick];
      assert.ok(lost);
      await lose(registry, lost.digest);
      assert.equal(await store.hasBlob(lost, options), false);
      const { blobs, bytes } = await store.upload(staged.staging.directory, 'v1', options);
      assert.deepEqual([blobs, bytes], [1, lost.size]);
      assert.equal(await store.hasBlob(lost, options), true);
      assert.equal((await store.upload(staged.staging.directory, 'v1', options)).blobs, 0);
    });
  }

  it('of a base behind a manifest that is still there fetches it from the base', async () => {
    await using registry = await startRegistry();
    await using staged = await openTestStaging();
    const options = { signal: testSignal() };
    const open = (repository: string) =>
      openRegistryStore({ kind: 'registry', registry: registry.host, repository }, testOras());
    const base = await stageImage(staged.staging, 'base', [noise(1, 20_000), noise(2, 20_000)]);
    await open('x/base').upload(staged.staging.directory, 'base', options);
    const reference = { reference: `${registry.host}/x/base:base`, digest: base.descriptor.digest };
    await open('a/b').copyBase(reference, options);
    const [lost] = base.layers;
    assert.ok(lost);
    await lose(registry, lost.digest);
    await using next = await openTestStaging();
    await stageImage(next.staging, 'v1', [noise(3, 20_000)], { kept: base.layers });
    const store = open('a/b');
    assert.equal((await store.copyBase(reference, options)).blobs, 0, 'its manifest is there');
    for (const round of ['for the first time', 'though it is there']) {
      const { blobs, bytes } = await store.upload(next.staging.directory, 'v1', options);
      assert.equal(await store.hasBlob(lost, options), true, round);
      assert.ok(blobs >= 1 && bytes >= lost.size, round);
      await lose(registry, lost.digest);
      await rm(join(next.staging.directory, 'blobs', 'sha256', hexOf(lost.digest)));
    }
    assert.ok(await store.resolve('v1', options));
  });
});

import assert from 'node:assert/strict';
import {
  chmod,
  mkdir,
  mkdtempDisposable,
  readdir,
  readFile,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobPath, createLayout, indexPath } from '../../../src/adapters/layout/layout-files.ts';
import { openLayoutStore } from '../../../src/adapters/layout/layout-store.ts';
import { findTag, readIndex, tagInLayout } from '../../../src/adapters/layout/layout-index.ts';
import { createLayoutCopier } from '../../../src/adapters/oras/layout-copier.ts';
import { openRegistryStore } from '../../../src/adapters/oras/registry-store.ts';
import { PreheatError } from '../../../src/kernel/failure.ts';
import { digestOf } from '../../../src/oci/digest.ts';
import { MEDIA_TYPE } from '../../../src/oci/media-types.ts';
import { startFaultProxy } from '../../support/fault-proxy.ts';
import { testOras } from '../../support/oras.ts';
import { startRegistry } from '../../support/registry.ts';
import { noise, openTestStaging, stageImage, testSignal } from '../../support/staged-image.ts';

async function openLayout() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'preheat-layout-'));
  const directory = join(folder.path, 'a@b', 'images');
  const store = openLayoutStore({ kind: 'layout', directory }, createLayoutCopier(testOras()));
  return { directory, store, [Symbol.asyncDispose]: () => folder.remove() };
}

describe('openLayoutStore', () => {
  it('copies a base out of a registry without giving it a tag', async () => {
    await using registry = await startRegistry();
    await using staged = await openTestStaging();
    await using layout = await openLayout();
    const signal = testSignal();
    const source = openRegistryStore(
      { kind: 'registry', registry: registry.host, repository: 'base' },
      testOras(),
    );
    const image = await stageImage(staged.staging, 'v1', [noise(1, 40_000)]);
    await source.upload(staged.staging.directory, 'v1', { signal });
    const base = { reference: `${registry.host}/base:v1`, digest: image.descriptor.digest };
    assert.equal((await layout.store.copyBase(base, { signal })).blobs, 2);
    for (const layer of image.manifest.layers)
      assert.equal(await layout.store.hasBlob(layer, { signal }), true);
    assert.deepEqual(await layout.store.listTags({ signal }), []);
    assert.deepEqual(await layout.store.resolve(image.descriptor.digest, { signal }), image.descriptor);
    assert.deepEqual(await layout.store.copyBase(base, { signal }), { blobs: 0, bytes: 0 });
  });

  it('holds nothing half-written after a copy that broke off for good', async () => {
    await using registry = await startRegistry();
    await using proxy = await startFaultProxy(registry.host);
    await using staged = await openTestStaging();
    await using layout = await openLayout();
    const signal = testSignal();
    const source = openRegistryStore(
      { kind: 'registry', registry: registry.host, repository: 'base' },
      testOras(),
    );
    const image = await stageImage(staged.staging, 'v1', [noise(1, 400_000)]);
    await source.upload(staged.staging.directory, 'v1', { signal });
    const large = image.manifest.layers[0]?.digest ?? '';
    proxy.intercept = ({ url }) => (url.includes(large) ? { kind: 'cut', afterBytes: 100_000 } : undefined);
    const base = { reference: `${proxy.host}/base:v1`, digest: image.descriptor.digest };
    await assert.rejects(
      layout.store.copyBase(base, { signal }),
      (thrown) =>
        thrown instanceof PreheatError && thrown.phase === 'publish' && thrown.code === 'unreachable',
    );
    assert.deepEqual(await readdir(join(layout.directory, 'ingest')), []);
    assert.equal((await readdir(join(layout.directory, 'blobs', 'sha256'))).includes(large.slice(7)), false);
    assert.deepEqual(JSON.parse(await readFile(indexPath(layout.directory), 'utf8')).manifests, []);
  });

  it('says corrupt for a blob or an index that was damaged', async () => {
    await using staged = await openTestStaging();
    await using layout = await openLayout();
    const signal = testSignal();
    const image = await stageImage(staged.staging, 'v1', [noise(1, 4_000)]);
    await layout.store.upload(staged.staging.directory, 'v1', { signal });
    const isCorrupt = (thrown: unknown): boolean =>
      thrown instanceof PreheatError && thrown.code === 'corrupt';
    for (const { digest } of [image.manifest.config, image.descriptor]) {
      await chmod(blobPath(layout.directory, digest), 0o644);
      await writeFile(blobPath(layout.directory, digest), '{"schemaVersion":2}');
    }
    await assert.rejects(layout.store.readBlob(image.manifest.config, { signal }), isCorrupt);
    await assert.rejects(layout.store.readManifest('v1', { signal }), isCorrupt);
    await assert.rejects(layout.store.readManifest(image.descriptor.digest, { signal }), isCorrupt);
    await writeFile(indexPath(layout.directory), '{"manifests":[');
    await assert.rejects(layout.store.resolve('v1', { signal }), isCorrupt);
    await assert.rejects(layout.store.listTags({ signal }), isCorrupt);
  });

  it('mends blobs that were cut off or overwritten when an image that has them is written again', async () => {
    await using staged = await openTestStaging();
    await using layout = await openLayout();
    const signal = testSignal();
    const { store, directory } = layout;
    const image = await stageImage(staged.staging, 'v1', [noise(1, 40_000), noise(2, 9_000)]);
    await store.upload(staged.staging.directory, 'v1', { signal });
    const [layer] = image.manifest.layers;
    assert.ok(layer);
    const damaged = [image.descriptor, image.manifest.config, layer];
    for (const { digest } of damaged) await chmod(blobPath(directory, digest), 0o644);
    await truncate(blobPath(directory, layer.digest), 20_000);
    await truncate(blobPath(directory, image.descriptor.digest), 0);
    await writeFile(
      blobPath(directory, image.manifest.config.digest),
      'x'.repeat(image.manifest.config.size),
    );
    const transfer = await store.upload(staged.staging.directory, 'v1', { signal });
    assert.deepEqual(transfer, { blobs: 2, bytes: layer.size + image.manifest.config.size });
    for (const { digest } of damaged)
      assert.equal(digestOf(await readFile(blobPath(directory, digest))), digest);
    assert.equal((await store.readManifest('v1', { signal }))?.descriptor.digest, image.descriptor.digest);
  });

  it('removes what a killed run left a day ago, and nothing that may still arrive', async () => {
    await using staged = await openTestStaging();
    await using layout = await openLayout();
    await createLayout(layout.directory);
    const ingest = join(layout.directory, 'ingest');
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    for (const name of ['copy-old', 'copy-new']) {
      await mkdir(join(ingest, name));
      await writeFile(join(ingest, name, 'half'), noise(1, 100));
    }
    await utimes(join(ingest, 'copy-old'), yesterday, yesterday);
    await stageImage(staged.staging, 'v1', [noise(1, 1_000)]);
    await layout.store.upload(staged.staging.directory, 'v1', { signal: testSignal() });
    assert.deepEqual(await readdir(ingest), ['copy-new']);
  });

  it('keeps a tag that is set while other builds make sure that there is a layout', async () => {
    const manifest = { mediaType: MEDIA_TYPE.manifest, digest: digestOf('manifest'), size: 1 };
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-layout-'));
    for (let round = 0; round < 100; round++) {
      const directory = join(folder.path, String(round));
      const first = createLayout(directory).then(() => tagInLayout(directory, manifest, ['v1']));
      await Promise.all([first, ...Array.from({ length: 40 }, () => createLayout(directory))]);
      const index = await readIndex(directory);
      assert.ok(index && findTag(index, 'v1'), 'an empty index replaced the one with the tag');
      assert.deepEqual(await readdir(join(directory, 'ingest')), []);
    }
  });

  it('tells that it cannot write', async () => {
    await using staged = await openTestStaging();
    await stageImage(staged.staging, 'v1', [noise(1, 1_000)]);
    const store = openLayoutStore(
      { kind: 'layout', directory: '/dev/null/images' },
      createLayoutCopier(testOras()),
    );
    await assert.rejects(store.upload(staged.staging.directory, 'v1', { signal: testSignal() }), (thrown) => {
      assert.ok(thrown instanceof PreheatError);
      assert.match(thrown.message, /^cannot write to the layout \/dev\/null\/images: ENOTDIR/);
      return thrown.phase === 'publish';
    });
  });
});

import assert from 'node:assert/strict';
import { mkdtempDisposable, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { blobPath, createLayout } from '../../../src/adapters/layout/layout-files.ts';
import { lockLayout } from '../../../src/adapters/layout/layout-lock.ts';
import { openLayoutStore } from '../../../src/adapters/layout/layout-store.ts';
import { tagInLayout } from '../../../src/adapters/layout/layout-index.ts';
import { openPrunableLayout } from '../../../src/adapters/layout/prunable-layout.ts';
import { createLayoutCopier } from '../../../src/adapters/oras/layout-copier.ts';
import { digestOf } from '../../../src/oci/digest.ts';
import { MEDIA_TYPE } from '../../../src/oci/media-types.ts';
import { failureOf } from '../../support/failure-of.ts';
import { testOras } from '../../support/oras.ts';
import { noise, openTestStaging, stageImage, testSignal } from '../../support/staged-image.ts';

const signal = testSignal();
const LATER = new Date(Date.now() + 60_000);

async function openLayout() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'preheat-sweep-'));
  const location = { kind: 'layout', directory: join(folder.path, 'images') } as const;
  const copier = createLayoutCopier(testOras());
  return {
    directory: location.directory,
    copier,
    location,
    store: openLayoutStore(location, copier),
    prunable: openPrunableLayout(location),
    blobs: async () => await readdir(join(location.directory, 'blobs', 'sha256')),
    [Symbol.asyncDispose]: () => folder.remove(),
  };
}

describe('an OCI layout that is cleaned up', () => {
  it('frees what nothing names, and keeps what two images share', async () => {
    await using staged = await openTestStaging();
    await using layout = await openLayout();
    const shared = noise(1, 4000);
    const old = await stageImage(staged.staging, 'old', [shared, noise(2, 5000)]);
    const kept = await stageImage(staged.staging, 'new', [shared, noise(3, 6000)]);
    for (const tag of ['old', 'new']) await layout.store.upload(staged.staging.directory, tag, { signal });
    await layout.prunable.remove(old.descriptor.digest, { signal });
    assert.equal(await layout.prunable.sweep({ signal, olderThan: new Date(0) }), 0, 'all is young');
    assert.equal((await layout.blobs()).length, 7);
    const gone = [old.manifest.config, old.manifest.layers[1]].reduce(
      (sum, blob) => sum + (blob?.size ?? 0),
      0,
    );
    const swept = await layout.prunable.sweep({ signal, olderThan: LATER });
    assert.equal(swept, gone + old.descriptor.size);
    const names = [kept.descriptor, kept.manifest.config, ...kept.manifest.layers].map(({ digest }) =>
      digest.slice(7),
    );
    assert.deepEqual((await layout.blobs()).toSorted(), names.toSorted());
    assert.deepEqual(await layout.store.listTags({ signal }), ['new']);
  });

  it('keeps all that an index or a subject names', async () => {
    await using staged = await openTestStaging();
    await using layout = await openLayout();
    const image = await stageImage(staged.staging, 'member', [noise(1, 4000)]);
    await layout.store.upload(staged.staging.directory, 'member', { signal });
    const index = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [image.descriptor] }));
    const digest = digestOf(index);
    await writeFile(blobPath(layout.directory, digest), index);
    await tagInLayout(layout.directory, { mediaType: MEDIA_TYPE.index, digest, size: index.length }, [
      'multi',
    ]);
    await layout.prunable.remove(image.descriptor.digest, { signal });
    assert.equal(await layout.prunable.sweep({ signal, olderThan: LATER }), 0);
    assert.equal((await layout.blobs()).length, 4);
    assert.deepEqual(
      (await layout.prunable.readTagged('multi', { signal }))?.members?.[0]?.digest,
      image.descriptor.digest,
    );
  });

  it('frees nothing where nobody can tell what an entry names', async () => {
    await using layout = await openLayout();
    await using staged = await openTestStaging();
    await stageImage(staged.staging, 'old', [noise(1, 4000)]);
    await layout.store.upload(staged.staging.directory, 'old', { signal });
    const text = Buffer.from('{"other":1}');
    await writeFile(blobPath(layout.directory, digestOf(text)), text);
    await tagInLayout(
      layout.directory,
      { mediaType: 'text/plain', digest: digestOf(text), size: text.length },
      ['odd'],
    );
    const failure = await failureOf(layout.prunable.sweep({ signal, olderThan: LATER }));
    assert.deepEqual([failure.phase, failure.code], ['publish', 'corrupt']);
    assert.equal((await layout.blobs()).length, 4);
  });

  it('tells of a manifest that is damaged its digest only', async () => {
    await using staged = await openTestStaging();
    await using layout = await openLayout();
    const { descriptor } = await stageImage(staged.staging, 'old', [noise(1, 4000)]);
    await layout.store.upload(staged.staging.directory, 'old', { signal });
    await writeFile(blobPath(layout.directory, descriptor.digest), 'damaged');
    const { digest, size } = descriptor;
    assert.deepEqual(await layout.prunable.readTagged('old', { signal }), { digest, size });
    await rm(blobPath(layout.directory, descriptor.digest));
    assert.deepEqual(await layout.prunable.readTagged('old', { signal }), { digest, size });
    assert.equal(await layout.prunable.readTagged('none', { signal }), undefined);
  });

  it('marks what a build found there as used', async () => {
    await using staged = await openTestStaging();
    await using layout = await openLayout();
    const image = await stageImage(staged.staging, 'a', [noise(1, 4000)]);
    await layout.store.upload(staged.staging.directory, 'a', { signal });
    const path = blobPath(layout.directory, image.layers[0]?.digest ?? digestOf(''));
    await utimes(path, new Date(0), new Date(0));
    await layout.store.upload(staged.staging.directory, 'a', { signal });
    assert.ok((await stat(path)).mtimeMs > Date.now() - 60_000);
  });

  it('copies again what a clean-up took between a copy and its tag, and never tags what is not whole', async () => {
    await using staged = await openTestStaging();
    await using layout = await openLayout();
    const image = await stageImage(staged.staging, 'a', [noise(1, 4000)]);
    const copies: string[] = [];
    const store = openLayoutStore(layout.location, {
      ...layout.copier,
      async copyStaged(from, tag, directory, options) {
        const moved = await layout.copier.copyStaged(from, tag, directory, options);
        copies.push(tag);
        return moved;
      },
    });
    const path = blobPath(layout.directory, image.layers[0]?.digest ?? digestOf(''));
    await createLayout(layout.directory);
    const lock = await lockLayout(layout.directory, signal);
    const uploading = store.upload(staged.staging.directory, 'a', { signal });
    // It has looked at what it copied, and waits for the lock.
    while (copies.length === 0 || !(await isWaitedFor(layout.directory))) await sleep(1);
    await rm(path);
    await lock[Symbol.asyncDispose]();
    await uploading;
    assert.ok(copies.length > 1);
    assert.ok(await layout.store.hasBlob(image.manifest.layers[0] ?? image.descriptor, { signal }));
    await rm(path);
    const failure = await failureOf(store.tag(image.descriptor.digest, ['b'], { signal }));
    assert.equal(failure.code, 'not-found');
    assert.deepEqual(await layout.store.listTags({ signal }), ['a']);
  });
});

async function isWaitedFor(directory: string): Promise<boolean> {
  return (await readdir(directory)).some((name) => name.startsWith('.preheat-lock.'));
}

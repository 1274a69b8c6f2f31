import assert from 'node:assert/strict';
import { mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { openStaging } from '../../../src/adapters/layout/staging-layout.ts';
import { PreheatError } from '../../../src/kernel/failure.ts';
import { hexOf } from '../../../src/oci/digest.ts';
import { MEDIA_TYPE } from '../../../src/oci/media-types.ts';
import { chunks, noise, openTestStaging, testSignal } from '../../support/staged-image.ts';

const signal = testSignal();

describe('openStaging', () => {
  it('keeps a layer under its digest and reads it back', async () => {
    await using opened = await openTestStaging();
    const { staging } = opened;
    const tar = noise(1, 90_000);
    const layer = await staging.addLayer('task', chunks(tar), { signal });
    assert.equal(layer.mediaType, MEDIA_TYPE.layerGzip);
    const path = join(staging.directory, 'blobs', 'sha256', hexOf(layer.digest));
    const stored = await readFile(path);
    assert.equal(stored.length, layer.size);
    assert.deepEqual(gunzipSync(stored), Buffer.from(tar));
    assert.deepEqual(Buffer.concat(await Array.fromAsync(staging.readLayer(layer))), stored);
    assert.deepEqual(await staging.addLayer('task', chunks(tar, 17), { signal }), layer);
  });

  it('leaves nothing behind when the tar or the run breaks off', async () => {
    await using opened = await openTestStaging();
    const { staging } = opened;
    const broken = (async function* () {
      yield noise(1, 200_000);
      throw new Error('the container went away');
    })();
    await assert.rejects(staging.addLayer('task', broken, { signal }), /the container went away/);
    const controller = new AbortController();
    const aborted = (async function* () {
      yield noise(1, 200_000);
      controller.abort();
      yield noise(2, 200_000);
    })();
    const work = staging.addLayer('task', aborted, { signal: controller.signal });
    await assert.rejects(work, { name: 'AbortError' });
    assert.deepEqual(await readdir(join(staging.directory, 'ingest')), []);
    assert.deepEqual(await readdir(join(staging.directory, 'blobs', 'sha256')), []);
  });

  it('is an OCI layout whose index names manifests by tag', async () => {
    await using opened = await openTestStaging();
    const { staging } = opened;
    const bytes = Buffer.from('{}');
    const add = (tag: string, content = bytes) =>
      staging.addManifest(tag, MEDIA_TYPE.manifest, content, { signal });
    await Promise.all([add('one'), add('two'), add('three')]);
    const moved = await add('two', Buffer.from('{"a":1}'));
    const index = JSON.parse(await readFile(join(staging.directory, 'index.json'), 'utf8'));
    assert.equal(index.schemaVersion, 2);
    const named = index.manifests.map((entry: { digest: string; annotations: Record<string, string> }) => [
      entry.annotations['org.opencontainers.image.ref.name'],
      entry.digest,
    ]);
    assert.deepEqual(Object.keys(Object.fromEntries(named)).toSorted(), ['one', 'three', 'two']);
    assert.equal(named.length, 3);
    assert.equal(new Map(named).get('two'), moved.digest);
    const layout = JSON.parse(await readFile(join(staging.directory, 'oci-layout'), 'utf8'));
    assert.deepEqual(layout, { imageLayoutVersion: '1.0.0' });
    await assert.rejects(add('not a tag'), RangeError);
  });

  it('tells where it cannot write', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-staging-'));
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    await assert.rejects(openStaging(join(file, 'below'), { signal }), (thrown) => {
      assert.ok(thrown instanceof PreheatError);
      assert.match(thrown.message, /^cannot write to .*file\/below: ENOTDIR/);
      return thrown.phase === 'build' && thrown.hint !== undefined;
    });
  });
});

import assert from 'node:assert/strict';
import { openRegistryStore } from '../../../src/adapters/oras/registry-store.ts';
import { testOras } from '../../support/oras.ts';
import { startRegistry, type AccessEntry } from '../../support/registry.ts';
import { startFaultProxy } from '../../support/fault-proxy.ts';
import { noise, openTestStaging, stageImage, testSignal } from '../../support/staged-image.ts';

/** Requests as `GET 200`, in their order. */
function asked(entries: readonly AccessEntry[]): readonly string[] {
  return entries.map(({ method, status }) => `${method} ${status}`);
}

describe('what a registry is asked', () => {
  it('one request to resolve, to read a manifest, a config and the tags', async () => {
    await using registry = await startRegistry();
    await using staged = await openTestStaging();
    const signal = testSignal();
    const store = openRegistryStore(
      { kind: 'registry', registry: registry.host, repository: 'a/b' },
      testOras(),
    );
    const image = await stageImage(staged.staging, 'v1', [noise(1, 20_000)]);
    await store.upload(staged.staging.directory, 'v1', { signal });
    await registry.takeRequests();
    await store.resolve('v1', { signal });
    assert.deepEqual(asked(await registry.takeRequests()), ['HEAD 200']);
    await store.resolve('absent', { signal });
    assert.deepEqual(asked(await registry.takeRequests()), ['HEAD 404']);
    await store.readManifest('v1', { signal });
    assert.deepEqual(asked(await registry.takeRequests()), ['GET 200']);
    await store.readManifest('absent', { signal });
    assert.deepEqual(asked(await registry.takeRequests()), ['GET 404']);
    await store.readBlob(image.manifest.config, { signal });
    assert.deepEqual(asked(await registry.takeRequests()), ['GET 200']);
    await store.hasBlob(image.manifest.config, { signal });
    assert.deepEqual(asked(await registry.takeRequests()), ['HEAD 200']);
    await store.listTags({ signal });
    assert.deepEqual(asked(await registry.takeRequests()), ['GET 200']);
  });

  it('two requests to upload an image that is there and one for each blob, three bodies for one that is not', async () => {
    await using registry = await startRegistry();
    await using staged = await openTestStaging();
    const signal = testSignal();
    const store = openRegistryStore(
      { kind: 'registry', registry: registry.host, repository: 'a/b' },
      testOras(),
    );
    await stageImage(staged.staging, 'v1', [noise(1, 20_000), noise(2, 20_000)]);
    await store.upload(staged.staging.directory, 'v1', { signal });
    const first = await registry.takeRequests();
    assert.equal(first.filter(({ method }) => method === 'PUT').length, 4);
    await store.upload(staged.staging.directory, 'v1', { signal });
    const second = await registry.takeRequests();
    assert.deepEqual(asked(second), ['HEAD 200', 'PUT 201', 'HEAD 200', 'HEAD 200', 'HEAD 200']);
  });

  it('no byte of a base that another repository of the registry has: it is mounted', async () => {
    await using registry = await startRegistry();
    await using staged = await openTestStaging();
    const signal = testSignal();
    const oras = testOras();
    const base = openRegistryStore(
      { kind: 'registry', registry: registry.host, repository: 'library/base' },
      oras,
    );
    const target = openRegistryStore(
      { kind: 'registry', registry: registry.host, repository: 'team/ws' },
      oras,
    );
    const image = await stageImage(staged.staging, 'v1', [noise(1, 200_000), noise(2, 300_000)]);
    await base.upload(staged.staging.directory, 'v1', { signal });
    await registry.takeRequests();
    const reference = `${registry.host}/library/base:v1`;
    const transfer = await target.copyBase({ reference, digest: image.descriptor.digest }, { signal });
    assert.deepEqual(transfer, { blobs: 0, bytes: 0 });
    const log = await registry.takeRequests();
    const blobs = log.filter(({ path }) => path.includes('/blobs/'));
    assert.equal(
      blobs.some(({ method, path }) => method === 'GET' || (path.includes('/uploads/') && method === 'PUT')),
      false,
    );
    assert.equal(blobs.filter(({ path, status }) => path.includes('mount=') && status === 201).length, 3);
    for (const layer of image.manifest.layers) assert.equal(await target.hasBlob(layer, { signal }), true);
  });

  it('copies a base from another registry, of an index only the member that is meant', async () => {
    await using source = await startRegistry();
    await using registry = await startRegistry();
    await using staged = await openTestStaging();
    const signal = testSignal();
    const oras = testOras();
    const base = openRegistryStore(
      { kind: 'registry', registry: source.host, repository: 'library/base' },
      oras,
    );
    const target = openRegistryStore(
      { kind: 'registry', registry: registry.host, repository: 'team/ws' },
      oras,
    );
    const amd = await stageImage(staged.staging, 'amd', [noise(1, 20_000)]);
    const arm = await stageImage(staged.staging, 'arm', [noise(2, 20_000)]);
    for (const tag of ['amd', 'arm']) await base.upload(staged.staging.directory, tag, { signal });
    const index = await putIndex(source.host, 'library/base', [
      { ...amd.descriptor, platform: { os: 'linux', architecture: 'amd64' } },
      { ...arm.descriptor, platform: { os: 'linux', architecture: 'arm64' } },
    ]);
    const reference = `${source.host}/library/base`;
    const platform = { os: 'linux', architecture: 'arm64' };
    const transfer = await target.copyBase({ reference, digest: index, platform }, { signal });
    const blobs = [arm.manifest.config, ...arm.manifest.layers];
    assert.deepEqual(transfer, { blobs: 2, bytes: blobs.reduce((sum, { size }) => sum + size, 0) });
    for (const layer of arm.manifest.layers) assert.equal(await target.hasBlob(layer, { signal }), true);
    for (const layer of amd.manifest.layers) assert.equal(await target.hasBlob(layer, { signal }), false);
    assert.deepEqual(await target.copyBase({ reference, digest: index, platform }, { signal }), {
      blobs: 0,
      bytes: 0,
    });
  });

  it('counts as sent exactly the bytes of blobs that crossed the wire', async () => {
    await using registry = await startRegistry();
    await using proxy = await startFaultProxy(registry.host);
    await using staged = await openTestStaging();
    const signal = testSignal();
    const store = openRegistryStore(
      { kind: 'registry', registry: proxy.host, repository: 'a/b' },
      testOras(),
    );
    const lower = await stageImage(staged.staging, 'v1', [noise(1, 150_000)]);
    await store.upload(staged.staging.directory, 'v1', { signal });
    const before = proxy.exchanges.length;
    await stageImage(staged.staging, 'v2', [noise(2, 10_000)], { kept: lower.layers });
    const transfer = await store.upload(staged.staging.directory, 'v2', { signal });
    const puts = proxy.exchanges
      .slice(before)
      .filter(({ method, url }) => method === 'PUT' && url.includes('/blobs/'));
    assert.equal(transfer.blobs, puts.length);
    assert.equal(
      transfer.bytes,
      puts.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    assert.ok(transfer.bytes < 12_000);
  });
});

async function putIndex(host: string, repository: string, manifests: readonly object[]) {
  const { digestOf } = await import('../../../src/oci/digest.ts');
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const body = JSON.stringify({ schemaVersion: 2, mediaType, manifests });
  const url = `http://${host}/v2/${repository}/manifests/latest`;
  const answer = await fetch(url, { method: 'PUT', headers: { 'content-type': mediaType }, body });
  if (answer.status !== 201) throw new Error(await answer.text());
  return digestOf(body);
}

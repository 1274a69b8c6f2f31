import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openRegistryStore } from '../../../../src/adapters/oras/registry-store.ts';
import { shortDigest } from '../../../../src/oci/digest.ts';
import { keepReport } from '../../../../src/publish/keep-report.ts';
import type { Uploader } from '../../../../src/publish/uploader.ts';
import { openDirect, orasWithoutProgram } from '../../../support/direct.ts';
import { startFaultProxy, type Fault, type ProxiedRequest } from '../../../support/fault-proxy.ts';
import { testOras } from '../../../support/oras.ts';
import { startRegistry } from '../../../support/registry.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { noise, openTestStaging, stageImage, testSignal } from '../../../support/staged-image.ts';

const MIB = 1024 * 1024;

function storeAt(host: string, oras = orasWithoutProgram()) {
  return openRegistryStore({ kind: 'registry', registry: host, repository: 'a/b' }, oras);
}

/** Every file below a registry's folder that says what it has, with its content; blobs under their digests. */
async function contentsOf(storage: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(storage, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const read = files.map(
    async (path) => [path.slice(storage.length), await readFile(path, 'latin1')] as const,
  );
  const contents = (await Promise.all(read)).filter(([path]) => !path.includes('/_uploads/'));
  return new Map(contents.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

describe('pushing directly', () => {
  it('leaves in a registry what oras leaves there: image, tags, a report and the list of referrers', async () => {
    await using byOras = await startRegistry();
    await using direct = await startRegistry();
    const send = async (target: Uploader): Promise<void> => {
      await using staged = await openTestStaging();
      const { staging } = staged;
      const options = { signal: testSignal() };
      const { descriptor: subject, layers } = await stageImage(staging, 'v1', [
        noise(1, 90_000),
        noise(2, 300),
      ]);
      await target.upload(staging.directory, 'v1', options);
      await stageImage(staging, 'v2', [noise(3, 5_000)], { kept: layers, annotations: { note: '<é>' } });
      await target.upload(staging.directory, 'v2', { ...options, mayTag: async () => true });
      const files = [{ name: 'report', mediaType: 'text/plain', bytes: noise(4, 700) }];
      const { log } = silentLog();
      await keepReport({ tag: 'report', subject, files, runs: [] }, { staging, target, log }, options);
    };
    await send(storeAt(byOras.host, testOras()));
    await send(storeAt(direct.host));
    const [expected, found] = [await contentsOf(byOras.storage), await contentsOf(direct.storage)];
    assert.ok([...expected.keys()].some((path) => /\/_manifests\/tags\/sha256-[0-9a-f]{64}\//.test(path)));
    assert.deepEqual(found, expected);
  });

  it('asks for each blob, sends those that are lacking, and tells of them as oras does', async () => {
    await using registry = await startRegistry();
    await using staged = await openTestStaging();
    const { directory } = staged.staging;
    const first = await stageImage(staged.staging, 'v1', [noise(1, 20_000)]);
    await storeAt(registry.host).upload(directory, 'v1', { signal: testSignal() });
    await registry.takeRequests();
    const next = await stageImage(staged.staging, 'v2', [noise(2, 3_000)], { kept: first.layers });
    const told: string[] = [];
    const sent = await storeAt(registry.host).upload(directory, 'v2', {
      signal: testSignal(),
      onProgress: (detail) => told.push(detail),
    });
    const [, layer] = next.manifest.layers;
    assert.ok(layer);
    assert.deepEqual(sent, { blobs: 2, bytes: layer.size + next.manifest.config.size });
    assert.equal(told.length, 2);
    const asked = (await registry.takeRequests()).map(({ method, status }) => `${method} ${status}`);
    assert.deepEqual(asked.toSorted(), [
      'HEAD 200',
      'HEAD 404',
      'HEAD 404',
      'POST 202',
      'POST 202',
      'PUT 201',
      'PUT 201',
      'PUT 201',
    ]);
    assert.equal(asked.at(-1), 'PUT 201');
    assert.deepEqual(await storeAt(registry.host).resolve('v2', { signal: testSignal() }), next.descriptor);
  });

  it('gives further tags to what it sent last without reading it again', async () => {
    await using registry = await startRegistry();
    await using staged = await openTestStaging();
    const store = storeAt(registry.host);
    const other = openRegistryStore(
      { kind: 'registry', registry: registry.host, repository: 'c/d' },
      orasWithoutProgram(),
    );
    const signal = testSignal();
    const { descriptor } = await stageImage(staged.staging, 'v1', [noise(1, 2_000)]);
    await store.upload(staged.staging.directory, 'v1', { signal, mayTag: async () => true });
    await registry.takeRequests();
    await store.tag(descriptor.digest, ['hint'], { signal });
    const asked = (await registry.takeRequests()).map(({ method, status }) => `${method} ${status}`);
    assert.deepEqual(asked, ['PUT 201']);
    assert.deepEqual(await store.resolve('hint', { signal }), descriptor);
    await assert.rejects(other.tag(descriptor.digest, ['hint'], { signal }), /oras was to run/);
  });

  it('leaves to oras what is more than 4 MiB, and has sent nothing of it', async () => {
    await using registry = await startRegistry();
    await using staged = await openTestStaging();
    await stageImage(staged.staging, 'large', [noise(1, 3 * MIB), noise(2, 2 * MIB)]);
    const failing = storeAt(registry.host).upload(staged.staging.directory, 'large', {
      signal: testSignal(),
    });
    await assert.rejects(failing, /oras was to run/);
    const methods = (await registry.takeRequests()).map(({ method }) => method);
    assert.deepEqual([...new Set(methods)], ['HEAD']);
    const oras = testOras({ direct: openDirect() });
    const sent = await storeAt(registry.host, oras).upload(staged.staging.directory, 'large', {
      signal: testSignal(),
    });
    assert.equal(sent.blobs, 3);
  });

  it('puts no manifest whose blobs nobody has', async () => {
    await using registry = await startRegistry();
    await using lower = await openTestStaging();
    await using staged = await openTestStaging();
    const nowhere = await stageImage(lower.staging, 'nowhere', [noise(9, 1_000)]);
    await stageImage(staged.staging, 'v1', [noise(1, 1_000)], { kept: nowhere.layers });
    const oras = testOras({ direct: openDirect() });
    const signal = testSignal();
    await assert.rejects(storeAt(registry.host, oras).upload(staged.staging.directory, 'v1', { signal }), {
      name: 'PreheatError',
      phase: 'publish',
    });
    assert.equal(await storeAt(registry.host).resolve('v1', { signal }), undefined);
  });

  it('adds a second report to the list of the first, by oras', async () => {
    await using registry = await startRegistry();
    await using staged = await openTestStaging();
    const { staging } = staged;
    const options = { signal: testSignal() };
    const target = storeAt(registry.host, testOras({ direct: openDirect() }));
    const { descriptor: subject } = await stageImage(staging, 'v1', [noise(1, 500)]);
    await target.upload(staging.directory, 'v1', options);
    for (const tag of ['one', 'two']) {
      const files = [{ name: tag, mediaType: 'text/plain', bytes: Buffer.from(tag) }];
      await keepReport({ tag, subject, files, runs: [] }, { staging, target, log: silentLog().log }, options);
    }
    const list = `http://${registry.host}/v2/a/b/manifests/${subject.digest.replace(':', '-')}`;
    const accept = { accept: 'application/vnd.oci.image.index.v1+json' };
    const index = await (await fetch(list, { headers: accept })).text();
    for (const tag of ['one', 'two'])
      assert.ok(index.includes((await target.resolve(tag, options))?.digest ?? 'none'), tag);
  });

  const faults: Readonly<Record<string, (request: ProxiedRequest) => Fault | undefined>> = {
    'refuses an upload': ({ method }) => (method === 'POST' ? status(500) : undefined),
    'refuses a blob': ({ method, url }) =>
      method === 'PUT' && url.includes('/uploads/') ? status(503) : undefined,
    'refuses the manifest': ({ method, url }) =>
      method === 'PUT' && url.includes('/manifests/') ? status(502) : undefined,
    'takes uploads at another host': ({ method }) =>
      method === 'POST' ? status(202, { location: 'http://127.0.0.1:1/v2/a/b/blobs/uploads/x' }) : undefined,
    'does not say which blobs it has': ({ method }) => (method === 'HEAD' ? status(403) : undefined),
    'says another digest': ({ method, url }) =>
      method === 'PUT' && url.includes('/manifests/')
        ? status(201, { 'docker-content-digest': `sha256:${'0'.repeat(64)}` })
        : undefined,
  };
  for (const [what, intercept] of Object.entries(faults))
    it(`leaves it to oras where a registry ${what}, which makes it whole`, async () => {
      await using registry = await startRegistry();
      await using proxy = await startFaultProxy(registry.host);
      await using staged = await openTestStaging();
      const image = await stageImage(staged.staging, 'v1', [noise(1, 30_000), noise(2, 20)]);
      let left = false;
      proxy.intercept = (request) => (left ? undefined : intercept(request));
      const attempts: string[] = [];
      const oras = testOras({
        direct: openDirect(),
        binary: async () => {
          left = true;
          return 'oras';
        },
        onAttempt: (text) => attempts.push(text),
      });
      const store = storeAt(proxy.host, oras);
      const signal = testSignal();
      const sent = await store.upload(staged.staging.directory, 'v1', { signal });
      assert.match(attempts[0] ?? '', /^upload .*: left to oras, /);
      assert.match(attempts[1] ?? '', /^oras cp .*: done/);
      for (const blob of [image.manifest.config, ...image.manifest.layers])
        assert.equal(await store.hasBlob(blob, { signal }), true, shortDigest(blob.digest));
      assert.deepEqual(await store.resolve('v1', { signal }), image.descriptor);
      assert.ok(sent.blobs <= 3);
    });
});

function status(code: number, headers: Readonly<Record<string, string>> = {}): Fault {
  return { kind: 'answer', status: code, headers };
}

import assert from 'node:assert/strict';
import { openRegistryStore } from '../../../src/adapters/oras/registry-store.ts';
import type { OrasOptions } from '../../../src/adapters/oras/oras-options.ts';
import { PreheatError } from '../../../src/kernel/failure.ts';
import {
  firstTimes,
  isBlobPut,
  startFaultProxy,
  type Fault,
  type FaultProxy,
} from '../../support/fault-proxy.ts';
import { instantClock, testOras } from '../../support/oras.ts';
import { ACCOUNT, startRegistry } from '../../support/registry.ts';
import { noise, openTestStaging, stageImage, testSignal } from '../../support/staged-image.ts';
import { tokenGate } from '../../support/token-gate.ts';

const UPLOAD_FAULTS: readonly (readonly [name: string, fault: Fault])[] = [
  ['a reset in mid-upload', { kind: 'reset', afterBytes: 60_000 }],
  ['a 500 with a JSON body', { kind: 'answer', status: 500, body: errorBody('UNKNOWN', 'injected') }],
  ['a 503 with an HTML page', { kind: 'answer', status: 503, body: '<html>busy</html>' }],
  [
    'an upload session that the server forgot',
    { kind: 'answer', status: 404, body: errorBody('BLOB_UPLOAD_UNKNOWN', 'gone') },
  ],
];

describe('oras under faults', () => {
  for (const [name, fault] of UPLOAD_FAULTS) {
    it(`uploads in spite of ${name}`, async () => {
      await using place = await openFaulty();
      place.proxy.intercept = firstTimes(1, isBlobPut, fault);
      const image = await place.stage();
      assert.equal((await place.upload()).blobs, 3);
      assert.deepEqual(await place.store.resolve('v1', { signal: testSignal() }), image.descriptor);
      assert.ok(place.clock.sleeps.length >= 1);
    });
  }

  it('waits long where the registry limits the rate of uploads, which oras does not', async () => {
    await using place = await openFaulty();
    const headers = { 'retry-after': '20' };
    const body = errorBody('TOOMANYREQUESTS', 'slow down');
    place.proxy.intercept = firstTimes(4, isBlobPut, { kind: 'answer', status: 429, headers, body });
    await place.stage();
    assert.equal((await place.upload()).blobs, 3);
    assert.ok(place.clock.sleeps.some((milliseconds) => milliseconds >= 20_000));
  });

  it('uploads though the token expires between POST and PUT, and counts each blob once', async () => {
    await using place = await openFaulty({ credentials: { credentialsFor: async () => ACCOUNT } });
    const gate = tokenGate(place.proxy.host, { expireAt: isBlobPut, times: 2 });
    place.proxy.intercept = gate.intercept;
    await place.stage();
    assert.equal((await place.upload()).blobs, 3);
    assert.ok(gate.tokens() >= 2);
  });

  it('repeats reads after a reset and after answers that break off', async () => {
    await using place = await openFaulty();
    const image = await place.stage();
    await place.upload();
    place.proxy.intercept = firstTimes(1, () => true, { kind: 'reset' });
    assert.deepEqual(await place.store.resolve('v1', { signal: testSignal() }), image.descriptor);
    place.proxy.intercept = firstTimes(1, () => true, { kind: 'cut', afterBytes: 100 });
    assert.deepEqual(
      (await place.store.readManifest('v1', { signal: testSignal() }))?.manifest,
      image.manifest,
    );
    place.proxy.intercept = firstTimes(1, () => true, { kind: 'cut', afterBytes: 10 });
    assert.ok(await place.store.readBlob(image.manifest.config, { signal: testSignal() }));
  });

  it('gives up on a server that hangs, once the deadline has passed twice', async () => {
    await using place = await openFaulty({ limits: { callMs: 400, bytesPerSecond: 1_000_000 } });
    place.proxy.intercept = () => ({ kind: 'hang' });
    await rejectsWith(
      place.store.resolve('v1', { signal: testSignal() }),
      'unreachable',
      /no end within 1 seconds/,
    );
    assert.equal(place.clock.sleeps.length, 1);
  });

  it('does not repeat what is refused', async () => {
    await using place = await openFaulty();
    await place.stage();
    place.proxy.intercept = firstTimes(9, ({ method }) => method === 'HEAD', { kind: 'answer', status: 403 });
    await rejectsWith(place.store.resolve('v1', { signal: testSignal() }), 'unauthorized', /status code 403/);
    const headers = { 'www-authenticate': 'Basic realm="test"' };
    place.proxy.intercept = () => ({ kind: 'answer', status: 401, headers });
    await rejectsWith(place.upload(), 'unauthorized', /credential not found/);
    assert.deepEqual(place.clock.sleeps, []);
  });

  it('tells why an upload was refused, though parallel transfers crash oras 1.2', async () => {
    await using place = await openFaulty();
    await place.stage();
    const body = errorBody('DENIED', 'requested access to the resource is denied');
    place.proxy.intercept = (request) =>
      isBlobPut(request) ? { kind: 'answer', status: 403, body } : undefined;
    await rejectsWith(place.upload(), 'unauthorized', /cannot upload .*: denied: requested access/);
    assert.ok(place.clock.sleeps.length <= 1);
  });

  it("names the base's registry in the hint when that one refuses, not the one that is written to", async () => {
    await using place = await openFaulty();
    await using registry = await startRegistry();
    const { descriptor } = await place.stage();
    await place.upload();
    place.proxy.intercept = ({ method, url }) =>
      method === 'GET' && url.includes('/blobs/') ? { kind: 'answer', status: 403 } : undefined;
    const target = openRegistryStore(
      { kind: 'registry', registry: registry.host, repository: 'team/app' },
      testOras(),
    );
    const reference = `${place.proxy.host}/team/ws:v1`;
    const copy = target.copyBase({ reference, digest: descriptor.digest }, { signal: testSignal() });
    const failure = await rejectsWith(copy, 'unauthorized', /status code 403/);
    assert.ok(failure.hint?.includes(place.proxy.host), failure.hint);
  });

  it('tells of a repository that must be created first', async () => {
    await using place = await openFaulty();
    await place.stage();
    const body = errorBody('NAME_UNKNOWN', 'The repository does not exist in the registry');
    place.proxy.intercept = ({ method }) =>
      method === 'POST' ? { kind: 'answer', status: 404, body } : undefined;
    const failure = await rejectsWith(
      place.upload(),
      'not-found',
      /name unknown: The repository does not exist/,
    );
    assert.match(failure.hint ?? '', /^Create the repository/);
  });

  it('says unreachable for a registry that is down, after a few attempts', async () => {
    await using place = await openFaulty();
    await place.proxy[Symbol.asyncDispose]();
    const failure = await rejectsWith(
      place.store.resolve('v1', { signal: testSignal() }),
      'unreachable',
      /connection refused/,
    );
    assert.match(failure.message, /^cannot resolve 127\.0\.0\.1:\d+\/team\/ws:v1: /);
    assert.equal(failure.phase, 'observe');
    assert.equal(place.clock.sleeps.length, 2);
    assert.equal(place.retries.length, 2);
  });

  it('says unauthorized for a wrong password, with a hint, and never shows it', async () => {
    await using registry = await startRegistry({ password: true });
    const credentials = { credentialsFor: async () => ({ username: 'builder', password: 'wrong-secret' }) };
    const oras = testOras({ credentials });
    const store = openRegistryStore({ kind: 'registry', registry: registry.host, repository: 'a/b' }, oras);
    const failure = await rejectsWith(
      store.readManifest('v1', { signal: testSignal() }),
      'unauthorized',
      /unauthorized|401/,
    );
    assert.match(failure.hint ?? '', /^Set REGISTRY_USERNAME and REGISTRY_PASSWORD/);
    assert.doesNotMatch(JSON.stringify(failure) + failure.stack, /wrong-secret/);
  });

  it('ends oras when the signal aborts in mid-upload', async () => {
    await using place = await openFaulty();
    await place.stage();
    const controller = new AbortController();
    place.proxy.intercept = (request) => {
      if (!isBlobPut(request)) return undefined;
      controller.abort();
      return { kind: 'hang' };
    };
    const upload = place.store.upload(place.directory, 'v1', { signal: controller.signal });
    await assert.rejects(upload, { name: 'AbortError' });
    place.proxy.intercept = () => undefined;
    assert.equal(await place.store.resolve('v1', { signal: testSignal() }), undefined);
  });

  it('looks for oras once for calls at the same time, and again after it was not found', async () => {
    await using registry = await startRegistry();
    let asked = 0;
    const binary = async (): Promise<string> => {
      if (++asked === 1) throw new PreheatError('cannot get oras: no network', { phase: 'publish' });
      return 'oras';
    };
    const store = openRegistryStore(
      { kind: 'registry', registry: registry.host, repository: 'team/ws' },
      testOras({ binary }),
    );
    const list = () => store.listTags({ signal: testSignal() });
    await assert.rejects(list(), /cannot get oras/);
    assert.deepEqual(await Promise.all([list(), list()]), [[], []]);
    assert.equal(asked, 2);
  });

  it('says so when there is no oras', async () => {
    const oras = testOras({ binary: async () => '/nonexistent/oras' });
    const store = openRegistryStore({ kind: 'registry', registry: '127.0.0.1:1', repository: 'a/b' }, oras);
    await assert.rejects(store.resolve('v1', { signal: testSignal() }), /cannot run \/nonexistent\/oras/);
  });
});

async function openFaulty(options: Partial<OrasOptions> = {}) {
  await using stack = new AsyncDisposableStack();
  const registry = stack.use(await startRegistry());
  const proxy: FaultProxy = stack.use(await startFaultProxy(registry.host));
  const { staging } = stack.use(await openTestStaging());
  const clock = instantClock();
  const retries: string[] = [];
  const oras = testOras({ clock, onRetry: (text) => retries.push(text), ...options });
  const store = openRegistryStore({ kind: 'registry', registry: proxy.host, repository: 'team/ws' }, oras);
  const owned = stack.move();
  return {
    proxy,
    clock,
    retries,
    store,
    directory: staging.directory,
    stage: () => stageImage(staging, 'v1', [noise(1, 150_000), noise(2, 120_000)]),
    upload: () => store.upload(staging.directory, 'v1', { signal: testSignal() }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function errorBody(code: string, message: string): string {
  return JSON.stringify({ errors: [{ code, message }] });
}

async function rejectsWith(work: Promise<unknown>, code: string, message: RegExp): Promise<PreheatError> {
  const thrown: unknown = await work.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(thrown instanceof PreheatError, String(thrown));
  assert.equal(thrown.code, code);
  assert.match(thrown.message, message);
  return thrown;
}

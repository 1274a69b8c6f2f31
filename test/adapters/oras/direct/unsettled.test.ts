import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Wanted } from '../../../../src/adapters/oras/direct/direct-registry.ts';
import { openRegistryStore } from '../../../../src/adapters/oras/registry-store.ts';
import { PreheatError } from '../../../../src/kernel/failure.ts';
import { digestOf } from '../../../../src/oci/digest.ts';
import { answer, askAbout, nobody, openDirect, startScripted, textOf } from '../../../support/direct.ts';
import { firstTimes, startFaultProxy, type Fault } from '../../../support/fault-proxy.ts';
import { testOras } from '../../../support/oras.ts';
import { ACCOUNT, startRegistry } from '../../../support/registry.ts';
import { noise, openTestStaging, stageImage, testSignal } from '../../../support/staged-image.ts';

const TYPE = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' };
const DIGEST = { 'docker-content-digest': `sha256:${'a'.repeat(64)}` };
const LENGTH = { 'content-length': '400' };
const CONTENT = { kind: 'manifest', reference: 'v1', of: 'content' } as const;
const DESCRIPTOR = { kind: 'manifest', reference: 'v1', of: 'descriptor' } as const;
const scheme = (text: string) => answer(401, '', { 'www-authenticate': text });

const FAULTS: readonly (readonly [name: string, wanted: Wanted, fault: Fault])[] = [
  ['bytes with another digest than is told', CONTENT, answer(200, '{}', { ...TYPE, ...DIGEST })],
  ['a body that breaks off', CONTENT, { kind: 'cut', afterBytes: 20 }],
  ['a connection that is reset', CONTENT, { kind: 'reset' }],
  ['a body of more than 4 MiB', CONTENT, answer(200, 'x'.repeat(4 * 1024 * 1024 + 1), TYPE)],
  ['status 500', CONTENT, answer(500)],
  ['status 429', DESCRIPTOR, answer(429)],
  ['status 403', CONTENT, answer(403)],
  ['status 204', CONTENT, answer(204)],
  ['a scheme that it does not know', CONTENT, scheme('Negotiate')],
  ['two schemes', CONTENT, scheme('Bearer realm="http://127.0.0.1:1/", Basic realm="x"')],
  ['a realm that is no address', CONTENT, scheme('Bearer realm="token"')],
  ['a manifest without digest', DESCRIPTOR, answer(200, '', { ...TYPE, ...LENGTH })],
  ['a manifest without type', DESCRIPTOR, answer(200, '', { ...DIGEST, ...LENGTH })],
  ['a manifest without size', DESCRIPTOR, answer(200, '', { ...TYPE, ...DIGEST })],
  ['a redirect without place', CONTENT, answer(307)],
];

describe('the direct way leaves to oras', () => {
  for (const [name, wanted, fault] of FAULTS)
    it(`${name}, and oras answers`, async () => {
      await using place = await openPlace();
      const isAsked = (): boolean => true;
      place.proxy.intercept = firstTimes(1, isAsked, fault);
      assert.equal(textOf(await askAbout(place.proxy.host, wanted)), 'unsettled');
      place.proxy.intercept = firstTimes(1, isAsked, fault);
      const signal = testSignal();
      const { manifest, descriptor } = place.image;
      if (wanted === CONTENT)
        assert.deepEqual(await place.store.readManifest('v1', { signal }), { descriptor, manifest });
      else assert.deepEqual(await place.store.resolve('v1', { signal }), descriptor);
      assert.match(place.attempts[0] ?? '', /left to oras, \w/);
      assert.match(place.attempts[1] ?? '', /^oras manifest fetch .*: done/);
    });

  it('a tag whose manifest is not as it should be, or that the registry did not take as it is', async () => {
    await using place = await openPlace();
    const { digest } = place.image.descriptor;
    const isPut = ({ method }: { readonly method: string }): boolean => method === 'PUT';
    const faults = [answer(201, '', DIGEST), answer(500), answer(403)];
    for (const [index, fault] of faults.entries()) {
      place.proxy.intercept = firstTimes(1, isPut, fault);
      await place.store.tag(digest, [`t${index}`], { signal: testSignal() });
      assert.deepEqual(
        await place.store.resolve(`t${index}`, { signal: testSignal() }),
        place.image.descriptor,
      );
    }
    place.proxy.intercept = firstTimes(1, () => true, answer(200, '{"other":1}', TYPE));
    await place.store.tag(digest, ['t9'], { signal: testSignal() });
    assert.deepEqual(await place.store.resolve('t9', { signal: testSignal() }), place.image.descriptor);
  });

  it('a descriptor of another digest than was asked for', async () => {
    const headers = { ...TYPE, ...LENGTH, ...DIGEST };
    await using registry = await startScripted(() => answer(200, '', headers));
    for (const kind of ['manifest', 'blob'] as const) {
      const wanted = { kind, of: 'descriptor', reference: digestOf('asked') } as const;
      assert.equal(textOf(await askAbout(registry.host, wanted)), 'unsettled', kind);
    }
  });

  it('a manifest of another digest than is to have a tag, and puts it nowhere', async () => {
    await using registry = await startScripted(({ method }) =>
      method === 'PUT' ? answer(201) : answer(200, '{"other":1}', TYPE),
    );
    const tagging = { registry: registry.host, repository: 'a/b', digest: digestOf('{}'), tags: ['v1'] };
    assert.equal((await openDirect().tag(tagging, { signal: testSignal() })).kind, 'unsettled');
    assert.equal(registry.requests.length, 1);
  });

  it('one answer that is too long, and takes the next one', async () => {
    const bodies = ['x'.repeat(4 * 1024 * 1024 + 1), '{}'];
    await using registry = await startScripted(() => answer(200, bodies.shift(), TYPE));
    const direct = openDirect();
    const question = { registry: registry.host, repository: 'a/b', wanted: CONTENT };
    assert.equal((await direct.ask(question, { signal: testSignal() })).kind, 'unsettled');
    assert.equal(textOf(await direct.ask(question, { signal: testSignal() })), '{}');
  });

  it('credentials that are refused, whose secret is in no line and no error', async () => {
    await using registry = await startRegistry({ password: true });
    const credentials = { credentialsFor: async () => ({ ...ACCOUNT, password: 'wrong-secret' }) };
    const lines: string[] = [];
    const direct = openDirect({ credentials });
    const oras = testOras({ credentials, direct, onAttempt: (text) => lines.push(text) });
    const location = { kind: 'registry', registry: registry.host, repository: 'a/b' } as const;
    const failure: unknown = await openRegistryStore(location, oras)
      .resolve('v1', { signal: testSignal() })
      .catch((thrown: unknown) => thrown);
    assert.ok(failure instanceof PreheatError);
    assert.equal(failure.code, 'unauthorized');
    assert.match(lines.join('\n'), /left to oras, status 401/);
    const encoded = Buffer.from(`${ACCOUNT.username}:wrong-secret`).toString('base64');
    for (const secret of ['wrong-secret', encoded])
      assert.ok(!`${lines.join('\n')}${JSON.stringify(failure)}${failure.stack}`.includes(secret));
  });

  it('a registry that is not there, which is not tried again', async () => {
    const server = createServer((_, response) => void response.writeHead(404).end());
    const listen = async (port: number): Promise<number> => {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      assert.ok(address !== null && typeof address === 'object');
      return address.port;
    };
    const port = await listen(0);
    server.close();
    await once(server, 'close');
    const direct = openDirect();
    for (const host of ['127.0.0.1', 'localhost']) {
      const question = { registry: `${host}:${port}`, repository: 'a/b', wanted: CONTENT };
      const found = await direct.ask(question, { signal: testSignal() });
      assert.ok(found.kind === 'unsettled');
      assert.match(found.why, /ECONNREFUSED/, host);
    }
    await listen(port);
    const question = { registry: `127.0.0.1:${port}`, repository: 'a/b', wanted: CONTENT };
    assert.equal((await direct.ask(question, { signal: testSignal() })).kind, 'unsettled');
    assert.equal((await openDirect().ask(question, { signal: testSignal() })).kind, 'absent');
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  it('a registry that hangs, after the deadline', async () => {
    await using registry = await startScripted(() => ({ kind: 'hang' }));
    assert.equal(textOf(await askAbout(registry.host, CONTENT, { deadlineMs: 50 })), 'unsettled');
  });

  it('nothing where the signal aborts: its reason is thrown', async () => {
    const controller = new AbortController();
    await using registry = await startScripted(() => {
      controller.abort(new Error('enough'));
      return { kind: 'hang' };
    });
    const question = { registry: registry.host, repository: 'a/b', wanted: CONTENT };
    await assert.rejects(openDirect().ask(question, { signal: controller.signal }), /^Error: enough$/);
    assert.equal(registry.requests.length, 1);
  });

  it('nothing where there can be no credentials: that is thrown', async () => {
    await using registry = await startScripted(() => scheme('Basic realm="x"'));
    const failure = new PreheatError('cannot sign in: no', { phase: 'observe', code: 'unauthorized' });
    const credentials = {
      credentialsFor: async () => {
        throw failure;
      },
    };
    const isFailure = (thrown: unknown): boolean => thrown === failure;
    await assert.rejects(askAbout(registry.host, CONTENT, { credentials }), isFailure);
    const both = [1, 2].map(() => askAbout(registry.host, CONTENT, { credentials }));
    for (const { status } of await Promise.allSettled(both)) assert.equal(status, 'rejected');
  });
});

async function openPlace() {
  await using stack = new AsyncDisposableStack();
  const registry = stack.use(await startRegistry());
  const proxy = stack.use(await startFaultProxy(registry.host));
  const { staging } = stack.use(await openTestStaging());
  const image = await stageImage(staging, 'v1', [noise(1, 2_000)]);
  const location = { kind: 'registry', repository: 'a/b' } as const;
  const there = openRegistryStore({ ...location, registry: registry.host }, testOras());
  await there.upload(staging.directory, 'v1', { signal: testSignal() });
  const attempts: string[] = [];
  const direct = openDirect({ credentials: nobody });
  const oras = testOras({ direct, onAttempt: (text) => attempts.push(text) });
  const owned = stack.move();
  return {
    proxy,
    image,
    attempts,
    store: openRegistryStore({ ...location, registry: proxy.host }, oras),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

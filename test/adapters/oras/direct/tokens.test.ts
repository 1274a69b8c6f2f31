import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { openRegistryStore } from '../../../../src/adapters/oras/registry-store.ts';
import { TOKEN_USER } from '../../../../src/oci/credential-source.ts';
import { digestOf } from '../../../../src/oci/digest.ts';
import {
  answer,
  askAbout,
  BASIC,
  builder,
  openDirect,
  orasWithoutProgram,
  startScripted,
  textOf,
} from '../../../support/direct.ts';
import { startFaultProxy, type Fault, type ProxiedRequest } from '../../../support/fault-proxy.ts';
import { testOras } from '../../../support/oras.ts';
import { startRegistry } from '../../../support/registry.ts';
import { noise, openTestStaging, stageImage, testSignal } from '../../../support/staged-image.ts';
import { tokenGate } from '../../../support/token-gate.ts';
import { listenOnLoopback } from '../../../support/listen.ts';

const MANIFEST = '{"schemaVersion":2}';
const TYPE = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' };
const BLOB = { kind: 'blob', reference: digestOf('bytes'), of: 'content' } as const;

/** A registry that wants tokens of a scope for what it is asked, and gives its own scope's name as the token. */
function scoped({ method, url, headers }: ProxiedRequest, host: string): Fault {
  if (url.startsWith('/token')) {
    const { searchParams } = new URL(url, 'http://x');
    return answer(200, JSON.stringify({ token: String(searchParams.get('scope')?.split(':')[2]) }));
  }
  const actions = method === 'PUT' ? 'pull,push' : 'pull';
  if (!headers.authorization?.startsWith(`Bearer ${actions}`)) {
    const challenge = `Bearer realm="http://${host}/token?kept=1",service="a registry",scope="repository:a/b:${actions}"`;
    return answer(401, '', { 'www-authenticate': challenge });
  }
  return method === 'PUT' ? answer(201) : answer(200, MANIFEST, TYPE);
}

/** A registry that gives `token` to whoever asks, which lets in where it is `good`. */
function giving(body: string) {
  return ({ url, headers }: ProxiedRequest, host: string): Fault => {
    if (url.startsWith('/token')) return answer(200, body);
    if (headers.authorization === 'Bearer good') return answer(200, 'bytes');
    return answer(401, '', { 'www-authenticate': `Bearer realm="http://${host}/token",service="s"` });
  };
}

describe('the direct way and tokens', () => {
  it('asks for one for many reads, for one anew when it expires, and for one for reads at the same time', async () => {
    await using registry = await startRegistry();
    await using proxy = await startFaultProxy(registry.host);
    await using staged = await openTestStaging();
    const location = { kind: 'registry', registry: registry.host, repository: 'a/b' } as const;
    const signal = testSignal();
    const { descriptor } = await stageImage(staged.staging, 'v1', [noise(1, 2_000)]);
    await openRegistryStore(location, testOras()).upload(staged.staging.directory, 'v1', { signal });
    let expiresNow = false;
    const gate = tokenGate(proxy.host, { expireAt: () => expiresNow, times: 1 });
    proxy.intercept = gate.intercept;
    const oras = orasWithoutProgram({ credentials: builder });
    const store = openRegistryStore({ ...location, registry: proxy.host }, oras);
    const read = async () => assert.deepEqual(await store.resolve('v1', { signal }), descriptor);
    for (let round = 0; round < 3; round++) await read();
    assert.equal(gate.tokens(), 1);
    expiresNow = true;
    await Promise.all([read(), read(), read(), read(), read()]);
    assert.equal(gate.tokens(), 2);
    const fresh = openRegistryStore({ ...location, registry: proxy.host }, orasWithoutProgram());
    await Promise.all([1, 2, 3, 4].map(() => fresh.listTags({ signal })));
    assert.equal(gate.tokens(), 3);
  });

  it('asks for what the registry says, as the account, and shows the password to nobody else', async () => {
    await using registry = await startScripted(scoped);
    const direct = openDirect({ credentials: builder });
    const digest = digestOf(MANIFEST);
    const tagging = { registry: registry.host, repository: 'a/b', digest, tags: ['v1', 'v2'] };
    assert.equal((await direct.tag(tagging, { signal: testSignal() })).kind, 'found');
    assert.deepEqual(
      registry.requests.map(({ method, url, headers }) => `${method} ${url} ${headers.authorization}`),
      [
        `GET /v2/a/b/manifests/${digest} undefined`,
        `GET /token?kept=1&service=a+registry&scope=repository%3Aa%2Fb%3Apull ${BASIC}`,
        `GET /v2/a/b/manifests/${digest} Bearer pull`,
        'PUT /v2/a/b/manifests/v1 Bearer pull',
        `GET /token?kept=1&service=a+registry&scope=repository%3Aa%2Fb%3Apull%2Cpush ${BASIC}`,
        'PUT /v2/a/b/manifests/v1 Bearer pull,push',
        'PUT /v2/a/b/manifests/v2 Bearer pull,push',
      ],
    );
  });

  it('takes the token by either name', async () => {
    for (const body of [
      '{"token":"good"}',
      '{"access_token":"good"}',
      '{"token":"","access_token":"good"}',
    ]) {
      await using registry = await startScripted(giving(body));
      assert.equal(textOf(await askAbout(registry.host, BLOB)), 'bytes', body);
    }
  });

  it('takes no token that is none', async () => {
    for (const body of ['{"token":"go od"}', '{"token":"good\\r\\nx: y"}', '{"token":7}', '{}', 'good']) {
      await using registry = await startScripted(giving(body));
      assert.equal(textOf(await askAbout(registry.host, BLOB)), 'unsettled', body);
      assert.equal(registry.requests.length, 2, body);
    }
  });

  it('takes no token of an answer that is a refusal or a redirect', async () => {
    for (const status of [201, 307, 401, 500]) {
      await using registry = await startScripted((request, host) =>
        request.url === '/token?service=s'
          ? answer(status, '{"token":"good"}', { location: '/token?elsewhere=1' })
          : giving('{"token":"good"}')(request, host),
      );
      assert.equal(textOf(await askAbout(registry.host, BLOB)), 'unsettled', String(status));
      assert.equal(registry.requests.length, 2, String(status));
    }
  });

  it('leaves identity tokens to oras', async () => {
    await using registry = await startScripted(giving('{"token":"good"}'));
    const credentials = { credentialsFor: async () => ({ username: TOKEN_USER, password: 'identity' }) };
    assert.equal(textOf(await askAbout(registry.host, BLOB, { credentials })), 'unsettled');
    assert.equal(registry.requests.length, 1);
  });

  it('says a password that was refused no second time', async () => {
    const headers = { 'www-authenticate': 'Basic realm="test"' };
    await using registry = await startScripted(() => answer(401, '', headers));
    const direct = openDirect({ credentials: builder });
    const question = { registry: registry.host, repository: 'a/b', wanted: BLOB };
    for (const expected of [1, 2]) {
      assert.equal(textOf(await direct.ask(question, { signal: testSignal() })), 'unsettled');
      assert.equal(registry.requests.filter((request) => request.headers.authorization).length, expected);
    }
  });

  it('keeps a token to its repository and its registry', async () => {
    await using one = await startScripted(giving('{"token":"good"}'));
    await using other = await startScripted(giving('{"token":"good"}'));
    const direct = openDirect();
    const places = [
      [one.host, 'a/b'],
      [one.host, 'a/c'],
      [other.host, 'a/b'],
    ] as const;
    for (const [registry, repository] of places)
      await direct.ask({ registry, repository, wanted: BLOB }, { signal: testSignal() });
    for (const requests of [one.requests, other.requests])
      for (const [index, { headers }] of requests.entries())
        assert.equal(headers.authorization, index % 3 === 2 ? 'Bearer good' : undefined);
    assert.deepEqual([one.requests.length, other.requests.length], [6, 3]);
  });

  it('lets a read go on where another one that asked for the token was given up', async () => {
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    await using registry = await startScripted(giving('{"token":"good"}'));
    let tokens = 0;
    await using slow = await startHolding(registry.host, async (path) => {
      if (!path.startsWith('/token')) return;
      tokens++;
      asked.resolve();
      await released.promise;
    });
    const direct = openDirect();
    const question = { registry: slow.host, repository: 'a/b', wanted: BLOB };
    const controller = new AbortController();
    const first = direct.ask(question, { signal: controller.signal });
    await asked.promise;
    const second = direct.ask(question, { signal: testSignal() });
    const third = direct.ask(question, { signal: AbortSignal.timeout(50) });
    controller.abort(new Error('given up'));
    await assert.rejects(first, /^Error: given up$/);
    await assert.rejects(third, { name: 'TimeoutError' });
    released.resolve();
    assert.equal(textOf(await second), 'bytes');
    assert.equal(tokens, 1);
  });
});

/** A server that hands requests on when `hold` is over. Tokens are asked for at it. */
async function startHolding(target: string, hold: (path: string) => Promise<void>) {
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const { method, url = '', headers } = incoming;
      await hold(url);
      const onward = request(new URL(url, `http://${target}`), { method, headers }, (answered) => {
        const challenge = answered.headers['www-authenticate']?.replaceAll(target, String(headers.host));
        outgoing.writeHead(answered.statusCode ?? 502, challenge ? { 'www-authenticate': challenge } : {});
        answered.pipe(outgoing);
      });
      onward.once('error', () => outgoing.destroy());
      onward.end();
    })();
  });
  const port = await listenOnLoopback(server);
  return {
    host: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

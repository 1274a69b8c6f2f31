import assert from 'node:assert/strict';
import { digestOf } from '../../../../src/oci/digest.ts';
import {
  answer,
  askAbout,
  BASIC,
  builder,
  openDirect,
  startScripted,
  textOf,
} from '../../../support/direct.ts';
import { testSignal } from '../../../support/staged-image.ts';

const BLOB = { kind: 'blob', reference: digestOf('bytes'), of: 'content' } as const;
const CHALLENGE = { 'www-authenticate': 'Basic realm="test"' };

describe('the direct way and redirects', () => {
  it('follows a blob to another place, and takes no authorization there', async () => {
    await using store = await startScripted(() => answer(200, 'bytes'));
    await using registry = await startScripted(({ headers }) =>
      headers.authorization === BASIC
        ? answer(307, '', { location: `http://${store.host}/bucket/blob?signature=x` })
        : answer(401, '', CHALLENGE),
    );
    assert.equal(textOf(await askAbout(registry.host, BLOB, { credentials: builder })), 'bytes');
    assert.deepEqual(
      store.requests.map(({ url, headers }) => [url, headers.authorization]),
      [['/bucket/blob?signature=x', undefined]],
    );
  });

  it('checks what it finds there', async () => {
    await using store = await startScripted(() => answer(200, 'other bytes'));
    await using registry = await startScripted(() => answer(307, '', { location: `http://${store.host}/` }));
    assert.equal(textOf(await askAbout(registry.host, BLOB)), 'unsettled');
  });

  it('gives no authorization to another place that asks for one', async () => {
    await using elsewhere = await startScripted(({ url }, host) =>
      url.startsWith('/token')
        ? answer(200, '{"token":"stolen"}')
        : answer(401, '', { 'www-authenticate': `Bearer realm="http://${host}/token"` }),
    );
    await using registry = await startScripted(() =>
      answer(307, '', { location: `http://${elsewhere.host}/blob` }),
    );
    assert.equal(textOf(await askAbout(registry.host, BLOB, { credentials: builder })), 'unsettled');
    assert.deepEqual(
      elsewhere.requests.map(({ url }) => url),
      ['/blob'],
    );
  });

  it('follows three in a row and no fourth', async () => {
    for (const [redirects, expected] of [
      [3, 'bytes'],
      [4, 'unsettled'],
    ] as const) {
      let left = redirects as number;
      await using registry = await startScripted(() =>
        left-- > 0 ? answer(302, '', { location: '/v2/on' }) : answer(200, 'bytes'),
      );
      assert.equal(textOf(await askAbout(registry.host, BLOB)), expected);
      assert.equal(registry.requests.length, 4);
    }
  });

  it('puts no manifest and lists no tags anywhere else', async () => {
    const bytes = '{"schemaVersion":2}';
    const headers = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' };
    await using elsewhere = await startScripted(({ method }) =>
      method === 'PUT' ? answer(201) : answer(200, '{"tags":["other"]}'),
    );
    await using registry = await startScripted(({ url }) =>
      url.includes('sha256:')
        ? answer(200, bytes, headers)
        : answer(302, '', { location: `http://${elsewhere.host}/x` }),
    );
    const tagging = { registry: registry.host, repository: 'a/b', digest: digestOf(bytes), tags: ['v1'] };
    assert.equal(textOf(await openDirect().tag(tagging, { signal: testSignal() })), 'unsettled');
    assert.equal(textOf(await askAbout(registry.host, { kind: 'tags' })), 'unsettled');
    assert.deepEqual(elsewhere.requests, []);
  });
});

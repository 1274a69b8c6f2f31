import assert from 'node:assert/strict';
import { openRegistryStore } from '../../../../src/adapters/oras/registry-store.ts';
import { PreheatError } from '../../../../src/kernel/failure.ts';
import {
  answer,
  askAbout,
  builder,
  BASIC,
  openDirect,
  startScripted,
  textOf,
} from '../../../support/direct.ts';
import { testOras } from '../../../support/oras.ts';
import { testSignal } from '../../../support/staged-image.ts';

const TAGS = { kind: 'tags' } as const;
const CHALLENGE = { 'www-authenticate': 'Basic realm="test"' };

describe('a listing of tags that is asked for directly', () => {
  it('goes on at the page that each page names', async () => {
    await using registry = await startScripted(({ url }) =>
      url === '/v2/a/b/tags/list'
        ? answer(200, '{"tags":["a","b"]}', { link: '</v2/a/b/tags/list?last=b&n=2>; rel="next"' })
        : answer(200, '{"tags":["c"]}'),
    );
    assert.equal(textOf(await askAbout(registry.host, TAGS)), 'a\nb\nc\n');
    assert.deepEqual(
      registry.requests.map(({ url }) => url),
      ['/v2/a/b/tags/list', '/v2/a/b/tags/list?last=b&n=2'],
    );
  });

  it('has none where the registry says null', async () => {
    await using registry = await startScripted(() => answer(200, '{"name":"a/b","tags":null}'));
    assert.equal(textOf(await askAbout(registry.host, TAGS)), '');
  });

  it('is left to oras where it goes on elsewhere, and nothing is asked there', async () => {
    await using elsewhere = await startScripted(() => answer(200, '{"tags":["z"]}'));
    const { host } = elsewhere;
    for (const link of [
      `<http://${host}/v2/a/b/tags/list?n=2>; rel="next"`,
      `<//${host}/v2/a/b/tags/list?n=2>; rel="next"`,
      `</\\${host}/v2/a/b/tags/list?n=2>; rel="next"`,
      `</\t/${host}/v2/a/b/tags/list?n=2>; rel="next"`,
      '</v2/a/b/tags/list?n=2>; rel="last"',
      '',
    ]) {
      await using registry = await startScripted(({ headers }) =>
        headers.authorization === BASIC
          ? answer(200, '{"tags":["a"]}', { link })
          : answer(401, '', CHALLENGE),
      );
      const found = await askAbout(registry.host, TAGS, { credentials: builder });
      assert.equal(textOf(found), 'unsettled', link);
    }
    assert.deepEqual(elsewhere.requests, []);
  });

  for (const [name, body] of [
    ['no JSON', '<html>'],
    ['no tags', '{"name":"a/b"}'],
    ['tags that are no texts', '{"tags":[1]}'],
  ] as const)
    it(`is left to oras where it has ${name}`, async () => {
      await using registry = await startScripted(() => answer(200, body));
      assert.equal(textOf(await askAbout(registry.host, TAGS)), 'unsettled');
    });

  it('is left to oras where a later page is missing', async () => {
    await using registry = await startScripted(({ url }) =>
      url.includes('?') ? answer(404) : answer(200, '{"tags":["a"]}', { link: '</v2/x?n=1>; rel="next"' }),
    );
    assert.equal(textOf(await askAbout(registry.host, TAGS)), 'unsettled');
  });

  it('is absent where the registry says that there is none, and only there', async () => {
    for (const [code, isAbsent] of [
      ['NAME_UNKNOWN', true],
      ['DENIED', false],
      ['UNSUPPORTED', false],
    ] as const) {
      const body = JSON.stringify({ errors: [{ code, message: 'no such place' }] });
      await using registry = await startScripted(() => answer(404, body));
      assert.equal(textOf(await askAbout(registry.host, TAGS)), isAbsent ? 'absent' : 'unsettled', code);
      // As with oras alone.
      for (const direct of [{ direct: openDirect() }, {}]) {
        const location = { kind: 'registry', registry: registry.host, repository: 'a/b' } as const;
        const listing = openRegistryStore(location, testOras(direct)).listTags({ signal: testSignal() });
        if (isAbsent) assert.deepEqual(await listing, []);
        else await assert.rejects(listing, PreheatError);
      }
    }
    await using registry = await startScripted(() => answer(404, '<html>no</html>'));
    assert.equal(textOf(await askAbout(registry.host, TAGS)), 'absent');
  });
});

import assert from 'node:assert/strict';
import { startFakeBitbucket } from './bitbucket.ts';

const COMMIT = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';
const headers = { authorization: 'Bearer t', 'content-type': 'application/json' };

async function start() {
  return startFakeBitbucket({
    repositories: { 'team/app': [COMMIT] },
    tokens: [{ authorization: 'Bearer t', scopes: ['repository'] }],
  });
}

describe('fake Bitbucket', () => {
  it('gives statuses back, one by one and all, also by a short commit id', async () => {
    await using fake = await start();
    const commit = `${fake.baseUrl}/repositories/team/app/commit/${COMMIT.slice(0, 12)}`;
    const body = JSON.stringify({ key: 'k', state: 'FAILED' });
    const created = await fetch(`${commit}/statuses/build`, { method: 'POST', headers, body });
    assert.equal(created.status, 201);
    const one = await fetch(`${commit}/statuses/build/k`, { headers });
    assert.partialDeepStrictEqual(await one.json(), { key: 'k', state: 'FAILED', type: 'build' });
    const all = await fetch(`${commit}/statuses`, { headers });
    assert.partialDeepStrictEqual(await all.json(), { size: 1, values: [{ key: 'k' }] });
    assert.equal((await fetch(`${commit}/statuses/build/other`, { headers })).status, 404);
  });

  it('tells a request that does not conform, and fails when it is disposed', async function () {
    const fake = await start();
    const url = `${fake.baseUrl}/repositories/team/app/commit/${COMMIT}/statuses/build`;
    const body = JSON.stringify({ key: 'k', state: 'DONE' });
    const answer = await fetch(url, { method: 'POST', headers, body });
    assert.equal(answer.status, 400);
    await (await fetch(`${fake.baseUrl}/repositories/team/app/commits/x/y`, { headers })).text();
    if (process.env['PREHEAT_CONTRACTS']) {
      assert.match(fake.violations.join('\n'), /state must be equal to one of the allowed values/);
      assert.match(fake.violations.join('\n'), /is no operation of the API/);
      await assert.rejects(async () => fake[Symbol.asyncDispose](), { name: 'AssertionError' });
    } else {
      assert.deepEqual(fake.violations, []);
      await fake[Symbol.asyncDispose]();
    }
  });
});

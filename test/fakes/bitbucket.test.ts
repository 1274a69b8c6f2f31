import assert from 'node:assert/strict';
import { startFakeBitbucket, type FakeBitbucket } from './bitbucket.ts';

const COMMIT = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';
const headers = { authorization: 'Bearer t', 'content-type': 'application/json' };

async function start(allowance = Infinity) {
  return startFakeBitbucket({
    allowance,
    repositories: { 'team/app': [COMMIT] },
    tokens: [{ authorization: 'Bearer t', scopes: ['repository', 'pullrequest'] }],
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

  it('answers 429 with its headers once its allowance is used up', async () => {
    await using fake = await start(1);
    const url = `${fake.baseUrl}/repositories/team/app/commit/${COMMIT}/statuses`;
    assert.equal((await fetch(url, { headers })).status, 200);
    const limited = await fetch(url, { headers });
    assert.equal(limited.status, 429);
    assert.equal(limited.headers.get('x-ratelimit-limit'), '1000');
    assert.match(await limited.text(), /Rate limit for this resource has been exceeded/);
  });

  const report = { title: 't', details: 'd', report_type: 'TEST' };
  const cell = { title: 't', type: 'TEXT', value: 'v' };
  const refusedReports: readonly [string, object, RegExp][] = [
    ['11 cells', { ...report, data: Array.from({ length: 11 }, () => cell) }, /<=10 items/],
    ['a cell of another type than it says', { ...report, data: [{ ...cell, value: 7 }] }, /data\[0\]/],
    ['a percentage above 100', { ...report, data: [{ ...cell, type: 'PERCENTAGE', value: 101 }] }, /<=100/],
    ['a title of 451 characters', { ...report, title: 't'.repeat(451) }, /<=450/],
    ['details of 2001', { ...report, details: 'd'.repeat(2001) }, /<=2000/],
    ['none of what it must have', {}, /report_type/],
  ];
  for (const [what, body, message] of refusedReports)
    it(`refuses a report with ${what}, in the shape of Code Insights`, async () => {
      await using fake = await start();
      const answer = await send(fake, 'PUT', 'reports/r', body);
      // Atlassian's description knows some of these limits.
      fake.violations.length = 0;
      assert.deepEqual([answer.status, answer.body.code], [400, 400]);
      assert.match(String(answer.body.message), message);
    });

  const annotation = (id: number) => ({ external_id: `a${id}`, annotation_type: 'BUG', summary: 's' });
  const annotations = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => annotation(from + index));
  const refusedAnnotations: readonly [string, readonly object[], RegExp][] = [
    ['101 at once', annotations(0, 101), /^Bulk upload supports a maximum of \/100 annotations\.$/],
    ['none', [], /too small/i],
    ['a summary of 451 characters', [{ ...annotation(1), summary: 's'.repeat(451) }], /<=450/],
    ['line 0', [{ ...annotation(1), line: 0 }], />=1/],
  ];
  for (const [what, body, message] of refusedAnnotations)
    it(`refuses annotations: ${what}`, async () => {
      await using fake = await start();
      await send(fake, 'PUT', 'reports/r', report);
      const answer = await send(fake, 'POST', 'reports/r/annotations', body);
      fake.violations.length = 0;
      assert.deepEqual([answer.status, answer.body.code], [400, 400]);
      assert.match(String(answer.body.message), message);
    });

  it('takes a thousand annotations a report, each once, and keeps them until it is deleted', async () => {
    await using fake = await start();
    assert.equal((await send(fake, 'POST', 'reports/r/annotations', annotations(0, 1))).status, 404);
    await send(fake, 'PUT', 'reports/r', report);
    for (let from = 0; from < 1000; from += 100)
      assert.equal((await send(fake, 'POST', 'reports/r/annotations', annotations(from, 100))).status, 200);
    assert.equal((await send(fake, 'POST', 'reports/r/annotations', annotations(950, 50))).status, 200);
    assert.equal((await send(fake, 'POST', 'reports/r/annotations', annotations(951, 50))).status, 400);
    await send(fake, 'PUT', 'reports/r', report);
    assert.equal(fake.reports('team/app', COMMIT).get('r')?.annotations.size, 1000);
    assert.equal((await send(fake, 'DELETE', 'reports/r')).status, 204);
    assert.equal((await send(fake, 'DELETE', 'reports/r')).status, 404);
    assert.equal(fake.reports('team/app', COMMIT).size, 0);
  });

  it('pages, filters, sorts and cuts lists of comments as it is asked to', async () => {
    await using fake = await start();
    fake.openPullRequest('team/app', { id: 1, branch: 'b', commit: COMMIT });
    for (let count = 1; count <= 12; count++) fake.addComment('team/app', 1, `Remark ${count}`);
    const [first] = fake.comments('team/app', 1);
    fake.deleteComment('team/app', 1, first?.id ?? 0);
    const list = async (query: string) => {
      const url = `${fake.baseUrl}/repositories/team/app/pullrequests/1/comments${query}`;
      return (await (await fetch(url, { headers })).json()) as Listed;
    };
    const whole = await list('');
    assert.equal(whole.values.length, 10);
    assert.partialDeepStrictEqual(whole.values[0], { deleted: true, content: { raw: '' } });
    const rest = (await (await fetch(whole.next ?? '', { headers })).json()) as Listed;
    assert.deepEqual([rest.values.length, rest.next], [2, undefined]);
    const q = encodeURIComponent('content.raw ~ "remark 1" AND deleted = false');
    const found = await list(`?q=${q}&sort=-created_on&pagelen=2&fields=next,values.content.raw`);
    assert.deepEqual(found.values, [{ content: { raw: 'Remark 12' } }, { content: { raw: 'Remark 11' } }]);
    assert.match(found.next ?? '', /page=2/);
    const refused = `${fake.baseUrl}/repositories/team/app/pullrequests/1/comments`;
    for (const query of ['?q=raw%20LIKE%201', '?pagelen=101'])
      assert.equal((await fetch(`${refused}${query}`, { headers })).status, 400);
  });
});

interface Listed {
  readonly values: readonly unknown[];
  readonly next?: string;
}

async function send(fake: FakeBitbucket, method: string, path: string, body?: unknown) {
  const url = `${fake.baseUrl}/repositories/team/app/commit/${COMMIT}/${path}`;
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(url, { method, headers, ...sent });
  const text = await answer.text();
  return {
    status: answer.status,
    body: (text === '' ? {} : JSON.parse(text)) as { readonly code?: number; readonly message?: string },
  };
}

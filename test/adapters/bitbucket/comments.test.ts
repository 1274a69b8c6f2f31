import assert from 'node:assert/strict';
import type { PullRequestComment } from '../../../src/report/forge.ts';
import { gatewayPage, rateLimited } from '../../fakes/http-failures.ts';
import type { FakeBitbucket } from '../../fakes/bitbucket.ts';
import { failureOf } from '../../support/failure-of.ts';
import { handClock } from '../../support/hand-clock.ts';
import { askedOf, COMMIT, forgeAt, REPOSITORY, startFake } from './world.ts';

const MARKER = '### Workspace image: "main" \\o/';
const LIST = 'GET pullrequests/5/comments';
const ADD = 'POST pullrequests/5/comments';

function comment(text: string): PullRequestComment {
  return { marker: MARKER, text: `${MARKER}\n\n${text}` };
}

async function startWithPullRequest(): Promise<FakeBitbucket> {
  const fake = await startFake();
  fake.openPullRequest(REPOSITORY, { id: 5, branch: 'feature', commit: COMMIT });
  return fake;
}

function textsOf(fake: FakeBitbucket): readonly string[] {
  return fake.comments(REPOSITORY, 5).map(({ raw }) => raw);
}

describe('Bitbucket comments', () => {
  const { signal } = new AbortController();
  const put = async (fake: FakeBitbucket, text: string) =>
    await forgeAt(fake).putComment(5, comment(text), { signal });

  it('cost two requests, or one where nothing changed', async () => {
    await using fake = await startWithPullRequest();
    await put(fake, 'one');
    await put(fake, 'two');
    await put(fake, 'two');
    const [{ id } = { id: 0 }] = fake.comments(REPOSITORY, 5);
    assert.deepEqual(askedOf(fake), [LIST, ADD, LIST, `PUT pullrequests/5/comments/${id}`, LIST]);
    assert.deepEqual(fake.requests[1]?.body, { content: { raw: comment('one').text } });
    assert.equal(fake.validatedRequests, process.env['PREHEAT_CONTRACTS'] ? 5 : 0);
  });

  it('are looked for by a query that quotes the marker, newest first', async () => {
    await using fake = await startWithPullRequest();
    await put(fake, 'one');
    const query = fake.requests[0]?.query;
    assert.equal(
      query?.get('q'),
      String.raw`content.raw ~ "### Workspace image: \"main\" \\o/" AND deleted = false`,
    );
    assert.equal(query.get('sort'), '-created_on');
  });

  it('pass over what someone else wrote below the same line, once', async () => {
    await using fake = await startWithPullRequest();
    await put(fake, 'ours');
    fake.addComment(REPOSITORY, 5, comment('theirs').text);
    await put(fake, 'ours again');
    assert.deepEqual(textsOf(fake), [comment('ours again').text, comment('theirs').text]);
    fake.addComment(REPOSITORY, 5, comment('theirs').text);
    await put(fake, 'new');
    assert.deepEqual(
      textsOf(fake).filter((text) => text === comment('new').text),
      [comment('new').text],
    );
    assert.deepEqual(
      askedOf(fake, 5).map((asked) => asked.split(' ')[0]),
      ['GET', 'PUT', 'PUT', 'POST'],
    );
  });

  it('are added again where the one that was found has just been deleted', async () => {
    await using fake = await startWithPullRequest();
    await put(fake, 'one');
    const [{ id } = { id: 0 }] = fake.comments(REPOSITORY, 5);
    const values = [{ id, deleted: false, content: { raw: comment('one').text } }];
    fake.deleteComment(REPOSITORY, 5, id);
    fake.failNext({
      kind: 'answer',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ values }),
    });
    await put(fake, 'two');
    assert.deepEqual(textsOf(fake), ['', comment('two').text]);
  });

  it('are found on a later page where the query filtered nothing', async () => {
    await using fake = await startWithPullRequest();
    await put(fake, 'one');
    const [{ id } = { id: 0 }] = fake.comments(REPOSITORY, 5);
    const at = `${fake.baseUrl}/repositories/team/app/pullrequests/5/comments`;
    fake.failNext(
      ...[`${at}?page=2`, undefined].map((next) => ({
        kind: 'answer' as const,
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          values:
            next === undefined ? [{ id, content: { raw: `${comment('one').text}\r\n` } }] : [{ id: 1000 }],
          next,
        }),
      })),
    );
    await put(fake, 'two');
    assert.deepEqual(textsOf(fake), [comment('two').text]);
  });

  for (const [what, fail] of [
    ['a lost answer', (fake: FakeBitbucket) => fake.loseNextAnswer('POST')],
    ['two lost answers', (fake: FakeBitbucket) => ['POST', 'GET'].forEach(fake.loseNextAnswer)],
  ] as const)
    it(`are not doubled by ${what}`, async () => {
      await using fake = await startWithPullRequest();
      fail(fake);
      await put(fake, 'one');
      assert.deepEqual(textsOf(fake), [comment('one').text]);
      assert.equal(askedOf(fake).filter((asked) => asked === ADD).length, 1);
    });

  it('are looked for again after a gateway failed, and added where they are not there', async () => {
    await using fake = await startWithPullRequest();
    const clock = handClock();
    const forge = forgeAt(fake, { clock });
    const list = { kind: 'answer', status: 200, headers: {}, body: '{"values":[]}' } as const;
    fake.failNext(list, gatewayPage(504), list, { kind: 'reset' });
    await forge.putComment(5, comment('one'), { signal });
    assert.deepEqual(askedOf(fake), [LIST, ADD, LIST, ADD, LIST, ADD]);
    assert.deepEqual(clock.sleeps, [500, 1000]);
    assert.deepEqual(textsOf(fake), [comment('one').text]);
  });

  it('are sent again at once where they were turned away for want of allowance', async () => {
    await using fake = await startWithPullRequest();
    const list = { kind: 'answer', status: 200, headers: {}, body: '{"values":[]}' } as const;
    fake.failNext(list, rateLimited());
    await put(fake, 'one');
    assert.deepEqual(askedOf(fake), [LIST, ADD, ADD]);
    fake.failNext(list, rateLimited(), rateLimited(), rateLimited(), rateLimited());
    const failure = await failureOf(put(fake, 'two'));
    assert.match(failure.message, /^cannot comment on the pull request: Bitbucket answered 429 /);
    assert.equal(fake.requests.length, 8);
  });

  it('are given up with the failure of the last attempt', async () => {
    await using fake = await startWithPullRequest();
    const list = { kind: 'answer', status: 200, headers: {}, body: '{"values":[]}' } as const;
    fake.failNext(...Array.from({ length: 4 }, () => [list, gatewayPage()]).flat());
    const failure = await failureOf(put(fake, 'one'));
    assert.match(failure.message, /^cannot comment on the pull request: Bitbucket answered 502 /);
    assert.deepEqual(textsOf(fake), []);
  });
});

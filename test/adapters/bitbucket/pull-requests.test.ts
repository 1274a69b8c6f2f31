import assert from 'node:assert/strict';
import { jsonAnswer } from '../../fakes/http-failures.ts';
import { serveEngine } from '../../support/engine-server.ts';
import { failureOf } from '../../support/failure-of.ts';
import { askedOf, COMMIT, forgeAt, OTHER_COMMIT, REPOSITORY, startFake } from './world.ts';

const BY_COMMIT = `GET commit/${COMMIT}/pullrequests`;
const BY_BRANCH = 'GET pullrequests';

describe('Bitbucket pull requests', () => {
  const { signal } = new AbortController();
  const branch = 'feature/x';

  it('are asked for by branch, whatever the index of commits knows', async () => {
    for (const links of ['absent', 'ready'] as const) {
      await using fake = await startFake();
      fake.linkCommits(REPOSITORY, links);
      fake.openPullRequest(REPOSITORY, { id: 8, branch, commit: COMMIT });
      fake.openPullRequest(REPOSITORY, { id: 9, branch: 'other', commit: COMMIT });
      assert.deepEqual(await forgeAt(fake).findPullRequests(COMMIT, branch, { signal }), [8]);
      assert.deepEqual(askedOf(fake), [BY_BRANCH]);
    }
  });

  for (const [links, found] of [
    ['ready', [8]],
    ['absent', []],
    ['indexing', []],
    ['condensed', []],
  ] as const)
    it(`are asked for by commit where no branch is known and the index is ${links}`, async () => {
      await using fake = await startFake();
      fake.linkCommits(REPOSITORY, links);
      fake.openPullRequest(REPOSITORY, { id: 8, branch, commit: COMMIT });
      assert.deepEqual(await forgeAt(fake).findPullRequests(COMMIT, undefined, { signal }), found);
      assert.deepEqual(askedOf(fake), [BY_COMMIT]);
    });

  it('of which the commit is an earlier one are not told', async () => {
    await using fake = await startFake();
    fake.linkCommits(REPOSITORY, 'ready');
    fake.openPullRequest(REPOSITORY, { id: 8, branch, commit: OTHER_COMMIT, earlier: [COMMIT] });
    fake.openPullRequest(REPOSITORY, { id: 9, branch, commit: COMMIT });
    for (const known of [branch, undefined])
      assert.deepEqual(await forgeAt(fake).findPullRequests(COMMIT, known, { signal }), [9]);
  });

  it('from forks are not told, also of one that was deleted', async () => {
    await using fake = await startFake();
    fake.openPullRequest(REPOSITORY, { id: 8, branch, commit: COMMIT, fork: 'stranger/app' });
    fake.openPullRequest(REPOSITORY, { id: 9, branch, commit: COMMIT, fork: null });
    assert.deepEqual(await forgeAt(fake).findPullRequests(COMMIT, branch, { signal }), []);
  });

  it('are asked for by a query that quotes the branch, and in small answers', async () => {
    await using fake = await startFake();
    await forgeAt(fake).findPullRequests(COMMIT, 'a"b\\c', { signal });
    const query = fake.requests[0]?.query;
    assert.equal(query?.get('q'), String.raw`source.branch.name = "a\"b\\c" AND state = "OPEN"`);
    for (const { query } of fake.requests)
      assert.match(query.get('fields') ?? '', /^next,values\.id,values\.state,values\.source\./);
  });

  it('name the scope that a token lacks for them', async () => {
    await using fake = await startFake();
    const credential = { kind: 'bearer', token: 'only-repository' } as const;
    const failure = await failureOf(
      forgeAt(fake, { credential }).findPullRequests(COMMIT, branch, { signal }),
    );
    assert.equal(failure.code, 'unauthorized');
    assert.equal(
      failure.hint,
      'Give the token the scope "pullrequest" (API token: "read:pullrequest:bitbucket")',
    );
    assert.equal(fake.requests.length, 1);
  });

  it('are read over a few pages, and no more', async () => {
    await using fake = await startFake();
    for (let id = 1; id <= 250; id++) fake.openPullRequest(REPOSITORY, { id, branch, commit: COMMIT });
    const found = await forgeAt(fake).findPullRequests(COMMIT, branch, { signal });
    assert.equal(found.length, 150);
    assert.deepEqual(askedOf(fake), [BY_BRANCH, BY_BRANCH, BY_BRANCH]);
  });

  it('never lead to a next page elsewhere, which would get the token', async () => {
    await using fake = await startFake();
    await using elsewhere = await serveEngine((_, response) => response.writeHead(200).end('{}'));
    for (const next of [
      `${elsewhere.host.replace('tcp', 'http')}/2.0/repositories/team/app/pullrequests?page=2`,
      'https://api.bitbucket.org@example.org/2.0/',
      'no address',
    ]) {
      fake.failNext(jsonAnswer(200, { values: [], next }));
      const failure = await failureOf(forgeAt(fake).findPullRequests(COMMIT, branch, { signal }));
      assert.equal(
        failure.message,
        'cannot find the pull requests of the commit: the next page lies elsewhere than the API',
      );
    }
    assert.deepEqual(elsewhere.seen, []);
  });

  it('are not made up from an answer of another form', async () => {
    await using fake = await startFake();
    fake.failNext(jsonAnswer(200, { values: [{ id: 'eight' }] }));
    const failure = await failureOf(forgeAt(fake).findPullRequests(COMMIT, branch, { signal }));
    assert.match(failure.message, /is not what Bitbucket describes, at values\.0\.id$/);
  });
});

import assert from 'node:assert/strict';
import { createOpenPullRequests } from '../../../src/adapters/bitbucket/open-pull-requests.ts';
import { createRedactor } from '../../../src/kernel/redact.ts';
import type { FakeBitbucket } from '../../fakes/bitbucket.ts';
import { jsonAnswer } from '../../fakes/http-failures.ts';
import { failureOf } from '../../support/failure-of.ts';
import { handClock } from '../../support/hand-clock.ts';
import { COMMIT, OTHER_COMMIT, REPOSITORY, startFake, TOKEN } from './world.ts';

const { signal } = new AbortController();

function at({ baseUrl }: Pick<FakeBitbucket, 'baseUrl'>, token = TOKEN) {
  return createOpenPullRequests({
    baseUrl,
    bitbucketWorkspace: 'team',
    repositorySlug: 'app',
    credential: { kind: 'bearer', token },
    redactor: createRedactor(),
    clock: handClock(),
    random: () => 0,
  });
}

describe('the open pull requests of Bitbucket', () => {
  it('are told whole, from forks too, and no others', async () => {
    await using fake = await startFake();
    const ids = Array.from({ length: 220 }, (_, index) => index + 1);
    for (const id of ids) fake.openPullRequest(REPOSITORY, { id, branch: `b${id}`, commit: COMMIT });
    fake.openPullRequest(REPOSITORY, { id: 5, branch: 'b5', commit: COMMIT, state: 'MERGED' });
    fake.openPullRequest(REPOSITORY, { id: 6, branch: 'b6', commit: OTHER_COMMIT, state: 'DECLINED' });
    fake.openPullRequest(REPOSITORY, { id: 7, branch: 'b7', commit: COMMIT, fork: 'stranger/app' });
    const found = await at(fake).list({ signal });
    assert.deepEqual(
      found.toSorted((a, b) => a - b),
      ids.filter((id) => id !== 5 && id !== 6),
    );
    assert.equal(fake.requests.length, 5);
  });

  it('are asked for in an order of their own, and fewer than are told are a failure', async () => {
    await using fake = await startFake();
    const next = `${fake.baseUrl}/repositories/team/app/pullrequests?page=2`;
    const open = (id: number) => ({ id, state: 'OPEN' });
    // The first was merged meanwhile, so that the third moved to the page that was read.
    fake.failNext(jsonAnswer(200, { size: 4, values: [open(1), open(2)], next }));
    fake.failNext(jsonAnswer(200, { size: 3, values: [open(4)] }));
    const failure = await failureOf(at(fake).list({ signal }));
    assert.equal(failure.phase, 'report');
    assert.match(failure.message, /only 3 of 4 were told/);
    fake.failNext(jsonAnswer(200, { size: 2, values: [open(1), open(2)] }));
    assert.deepEqual(await at(fake).list({ signal }), [1, 2]);
    assert.equal(fake.requests[0]?.query.get('sort'), 'id');
    assert.match(fake.requests[0]?.query.get('fields') ?? '', /^size,/);
  });

  it('are nobody’s guess: a list that does not end, or a token that may not ask, is a failure', async () => {
    await using fake = await startFake();
    const failure = await failureOf(at(fake, 'only-repository').list({ signal }));
    assert.equal(failure.code, 'unauthorized');
    for (let page = 0; page < 100; page++)
      fake.failNext(
        jsonAnswer(200, { values: [], next: `${fake.baseUrl}/repositories/team/app/pullrequests` }),
      );
    const endless = await failureOf(at(fake).list({ signal }));
    assert.match(endless.message, /^cannot find the open pull requests: the list has more than 100 pages$/);
  });
});

import assert from 'node:assert/strict';
import { jsonAnswer } from '../../fakes/http-failures.ts';
import { failureOf } from '../../support/failure-of.ts';
import { COMMIT, forgeAt, startFake, STATUS } from './world.ts';

const CREATED = '2026-01-02T03:04:05.000001+00:00';
const LATER = '2026-01-02T03:05:05.000001+00:00';

describe('Bitbucket build statuses', () => {
  const signal = new AbortController().signal;

  for (const [status, body, replaced, what] of [
    [201, { created_on: CREATED, updated_on: CREATED }, false, 'one that was made'],
    [201, { created_on: CREATED, updated_on: LATER }, true, 'one that is older than its last change'],
    [201, {}, true, 'one without times'],
    [200, { created_on: CREATED, updated_on: CREATED }, true, 'one that was overwritten'],
  ] as const)
    it(`takes ${what} as ${replaced ? 'there before' : 'new'}`, async () => {
      await using fake = await startFake();
      fake.failNext(jsonAnswer(status, { key: STATUS.key, state: STATUS.state, ...body }));
      assert.deepEqual(await forgeAt(fake).setStatus(STATUS, { signal }), { replaced });
    });

  it('takes a status that was set as set, whatever page comes back', async () => {
    await using fake = await startFake();
    const headers = { 'content-type': 'text/html' };
    fake.failNext({ kind: 'answer', status: 201, headers, body: '<h1>Welcome</h1>' });
    assert.deepEqual(await forgeAt(fake).setStatus(STATUS, { signal }), { replaced: true });
  });

  it('reads a status that says as little as Bitbucket demands', async () => {
    await using fake = await startFake();
    fake.failNext(jsonAnswer(200, { key: 'k', state: 'FAILED', name: null, url: null, refname: null }));
    assert.deepEqual(await forgeAt(fake).findStatus(COMMIT, 'k', { signal }), {
      commit: COMMIT,
      key: 'k',
      state: 'FAILED',
      name: '',
      description: '',
      url: '',
    });
  });

  it('does not take an answer of another form for a status', async () => {
    await using fake = await startFake();
    fake.failNext(jsonAnswer(200, { key: 'k', state: 'DONE' }));
    const failure = await failureOf(forgeAt(fake).findStatus(COMMIT, 'k', { signal }));
    assert.equal(
      failure.message,
      'cannot read the build status: the answer (200) is not what Bitbucket describes, at state',
    );
  });
});

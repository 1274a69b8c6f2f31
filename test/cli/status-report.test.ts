import assert from 'node:assert/strict';
import { createStatusReport } from '../../src/cli/status-report.ts';
import { startFakeBitbucket } from '../fakes/bitbucket.ts';
import { failedOutcome, warmOutcome } from '../report/sample-outcome.ts';
import { EVENT, FACTS } from '../support/records.ts';
import { testSession, type SessionChanges } from './test-session.ts';

const TOKEN = 'bitbucket-token-for-tests';
const CONTEXT = {
  event: { ...EVENT, bitbucket: { bitbucketWorkspace: 'team', repositorySlug: 'app', buildNumber: '7' } },
  commit: FACTS.commit,
};

async function setUp(changes: SessionChanges = {}) {
  const bitbucket = await startFakeBitbucket({
    repositories: { 'team/app': [FACTS.commit.id] },
    tokens: [
      { authorization: `Bearer ${TOKEN}`, scopes: ['repository'] },
      {
        authorization: `Basic ${Buffer.from(`me@example.org:${TOKEN}`).toString('base64')}`,
        scopes: ['repository'],
      },
    ],
  });
  const environment = {
    BITBUCKET_API: bitbucket.baseUrl,
    BITBUCKET_ACCESS_TOKEN: TOKEN,
    ...changes.environment,
  };
  const session = testSession({ ...changes, environment });
  return {
    session,
    status: createStatusReport(session),
    states: () => bitbucket.requests.map(({ body }) => (body as { readonly state: string }).state),
    [Symbol.asyncDispose]: () => bitbucket[Symbol.asyncDispose](),
  };
}

describe('the status report of a run', () => {
  it('says that it began and how it ended', async () => {
    await using world = await setUp();
    world.status.started(CONTEXT);
    assert.equal(await world.status.ended(warmOutcome), undefined);
    assert.deepEqual(world.states(), ['INPROGRESS', 'SUCCESSFUL']);
  });

  it('takes an e-mail with an API token as well', async () => {
    const environment = {
      BITBUCKET_ACCESS_TOKEN: '',
      BITBUCKET_EMAIL: 'me@example.org',
      BITBUCKET_API_TOKEN: TOKEN,
    };
    await using world = await setUp({ environment });
    world.status.started(CONTEXT);
    await world.status.ended(warmOutcome);
    assert.deepEqual(world.states(), ['INPROGRESS', 'SUCCESSFUL']);
  });

  it('lets a failing task block no merge where tasks are tolerated', async () => {
    for (const [tolerateTasks, state] of [
      [true, 'STOPPED'],
      [false, 'FAILED'],
    ] as const) {
      await using world = await setUp({ tolerateTasks });
      world.status.started(CONTEXT);
      await world.status.ended(failedOutcome);
      assert.deepEqual(world.states(), ['INPROGRESS', state]);
    }
  });

  it('sends nothing where the run ended before it knew its commit', async () => {
    await using world = await setUp();
    assert.equal(await world.status.ended(failedOutcome), undefined);
    assert.deepEqual(world.states(), []);
  });

  it('sends nothing without a token, and says so once; outside Bitbucket without a word', async () => {
    await using world = await setUp({ environment: { BITBUCKET_ACCESS_TOKEN: '' } });
    world.status.started(CONTEXT);
    await world.status.ended(warmOutcome);
    assert.equal(world.session.events.length, 1);
    assert.partialDeepStrictEqual(world.session.events, [
      { level: 'info', text: 'no build status is set: BITBUCKET_ACCESS_TOKEN is not given' },
    ]);
    world.status.started({ ...CONTEXT, event: EVENT });
    assert.equal(world.session.events.length, 1);
    assert.deepEqual(world.states(), []);
  });
});

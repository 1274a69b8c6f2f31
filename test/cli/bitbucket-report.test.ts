import assert from 'node:assert/strict';
import { createBitbucketReport } from '../../src/cli/bitbucket-report.ts';
import type { PushContext } from '../../src/cli/push-context.ts';
import type { PushEvent } from '../../src/event/push-event.ts';
import type { Outcome } from '../../src/report/outcome.ts';
import { statusKey } from '../../src/report/status-key.ts';
import { startFakeBitbucket } from '../fakes/bitbucket.ts';
import { failedOutcome, warmOutcome } from '../report/sample-outcome.ts';
import { toldStates } from '../support/told-states.ts';
import { EVENT, FACTS } from '../support/records.ts';
import { testSession, type SessionChanges } from './test-session.ts';

const TOKEN = 'bitbucket-token-for-tests';
const SCOPES = ['repository', 'pullrequest'];
const COMMIT = FACTS.commit.id;
const PARENT = 'e'.repeat(40);
const KEY = statusKey('.gitpod.yml');
const FINDING = {
  severity: 'warning',
  message: 'unknown key "taskz"',
  path: 'taskz',
  line: 2,
  column: 1,
  frame: '> 2 | taskz: 1',
} as const;

function contextOf(changes: Partial<PushEvent> = {}): PushContext {
  const bitbucket = { bitbucketWorkspace: 'team', repositorySlug: 'app', buildNumber: '7' };
  return { event: { ...EVENT, bitbucket, ...changes }, commit: FACTS.commit };
}

const BRANCH: Partial<PushEvent> = { ref: { kind: 'branch', name: 'feature/login' } };

async function setUp(changes: SessionChanges = {}) {
  const bitbucket = await startFakeBitbucket({
    repositories: { 'team/app': [COMMIT, PARENT] },
    tokens: [
      { authorization: `Bearer ${TOKEN}`, scopes: SCOPES },
      {
        authorization: `Basic ${Buffer.from(`me@example.org:${TOKEN}`).toString('base64')}`,
        scopes: SCOPES,
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
    bitbucket,
    session,
    async tell(
      outcome: Outcome,
      context = contextOf(),
      findParent = async () => undefined as string | undefined,
    ) {
      const report = createBitbucketReport(session);
      report.started(context, findParent);
      return await report.ended(outcome);
    },
    states: () => toldStates(bitbucket),
    comments: (id: number) => bitbucket.comments('team/app', id).map(({ raw }) => raw),
    standing: () => bitbucket.reports('team/app', COMMIT).get(KEY),
    infos: () => session.events.flatMap((event) => (event.type === 'message' ? [event.text] : [])),
    [Symbol.asyncDispose]: () => bitbucket[Symbol.asyncDispose](),
  };
}

describe('what a run tells Bitbucket', () => {
  it('is that it began, how it ended, and a report', async () => {
    await using world = await setUp();
    assert.deepEqual(await world.tell(warmOutcome), []);
    assert.deepEqual(world.states(), ['INPROGRESS', 'SUCCESSFUL']);
    assert.equal(world.standing()?.report.result, 'PASSED');
  });

  it('takes an e-mail with an API token as well', async () => {
    const environment = {
      BITBUCKET_ACCESS_TOKEN: '',
      BITBUCKET_EMAIL: 'me@example.org',
      BITBUCKET_API_TOKEN: TOKEN,
    };
    await using world = await setUp({ environment });
    assert.deepEqual(await world.tell(warmOutcome), []);
    assert.deepEqual(world.states(), ['INPROGRESS', 'SUCCESSFUL']);
  });

  for (const [tolerated, state, result] of [
    [true, 'STOPPED', 'PENDING'],
    [false, 'FAILED', 'FAILED'],
  ] as const) {
    it(`is ${state} of a failing task, with the line at which it stands`, async () => {
      await using world = await setUp();
      const { failure } = failedOutcome;
      assert.ok(failure);
      const failed = { ...failure, task: 'build', exitCode: 1, line: 4, ...(tolerated && { tolerated }) };
      await world.tell({ ...failedOutcome, configuration: '.gitpod.yml', failure: failed });
      assert.deepEqual(world.states(), ['INPROGRESS', state]);
      const { report, annotations } = world.standing() ?? {};
      assert.equal(report?.result, result);
      assert.partialDeepStrictEqual(annotations?.get('preheat-task'), { path: '.gitpod.yml', line: 4 });
    });
  }

  it('is one comment on the pull request, put in place by each run', async () => {
    await using world = await setUp();
    const pullRequest = { id: 12, destinationBranch: 'main' };
    world.bitbucket.openPullRequest('team/app', { id: 12, branch: 'feature/login', commit: COMMIT });
    world.bitbucket.addComment('team/app', 12, 'Looks good.');
    await world.tell(failedOutcome, contextOf({ ...BRANCH, pullRequest }));
    assert.match(world.comments(12).join('\n'), /is \*\*not warm\*\*/);
    await world.tell(warmOutcome, contextOf({ ...BRANCH, pullRequest }));
    const [theirs, ours, ...more] = world.comments(12);
    assert.deepEqual([theirs, more], ['Looks good.', []]);
    assert.match(ours ?? '', /^\*\*preheat: workspace image\*\*\n\n✔ `a1b2c3d4e5f6` is \*\*warm\*\*/);
  });

  for (const [what, event, told] of [
    ['each open pull request of a branch', BRANCH, [1, 1, 0]],
    ['none for a tag', { ref: { kind: 'tag', name: 'v1' } }, [0, 0, 0]],
    ['none of another branch', { ref: { kind: 'branch', name: 'other' } }, [0, 0, 0]],
  ] as const) {
    it(`comments on ${what}`, async () => {
      await using world = await setUp();
      for (const id of [3, 4])
        world.bitbucket.openPullRequest('team/app', { id, branch: 'feature/login', commit: COMMIT });
      world.bitbucket.openPullRequest('team/app', {
        id: 5,
        branch: 'feature/login',
        commit: COMMIT,
        state: 'MERGED',
      });
      assert.deepEqual(await world.tell(warmOutcome, contextOf(event)), []);
      assert.deepEqual(
        [3, 4, 5].map((id) => world.comments(id).length),
        told,
      );
    });
  }

  it('comments on the pull requests of its own branch where a push moved several to one commit', async () => {
    await using world = await setUp();
    for (const [id, branch] of [
      [3, 'feature/login'],
      [4, 'feature/other'],
    ] as const)
      world.bitbucket.openPullRequest('team/app', { id, branch, commit: COMMIT });
    const other: Partial<PushEvent> = { ref: { kind: 'branch', name: 'feature/other' } };
    assert.deepEqual(await world.tell(failedOutcome, contextOf(BRANCH)), []);
    assert.deepEqual(await world.tell(warmOutcome, contextOf(other)), []);
    assert.match(world.comments(3).join(), /not warm/);
    assert.match(world.comments(4).join(), /is \*\*warm\*\*/);
    assert.equal(world.bitbucket.reports('team/app', COMMIT).size, 1);
  });

  it('says nothing on a pull request that has moved on meanwhile', async () => {
    await using world = await setUp();
    const pullRequest = { id: 12, destinationBranch: 'main' };
    world.bitbucket.openPullRequest('team/app', { id: 12, branch: 'feature/login', commit: PARENT });
    assert.deepEqual(await world.tell(warmOutcome, contextOf({ ...BRANCH, pullRequest })), []);
    assert.deepEqual(world.comments(12), []);
  });

  it('looks for the parent at once, though the clone goes before the run ends', async () => {
    await using world = await setUp();
    let isThere = true;
    const report = createBitbucketReport(world.session);
    report.started(contextOf(), async () => (isThere ? PARENT : await Promise.reject(new Error('gone'))));
    isThere = false;
    assert.deepEqual(await report.ended(warmOutcome), []);
    assert.ok(world.bitbucket.requests.some(({ path }) => path.includes(PARENT)));
  });

  it('takes eight requests at most, of which the final status is one, and says what is left out', async () => {
    await using world = await setUp();
    for (const id of [1, 2, 3])
      world.bitbucket.openPullRequest('team/app', { id, branch: 'feature/login', commit: COMMIT });
    const failures = await world.tell(warmOutcome, contextOf(BRANCH), async () => PARENT);
    assert.equal(world.bitbucket.requests.length, 8);
    assert.equal(world.bitbucket.statuses('team/app', COMMIT)[0]?.state, 'SUCCESSFUL');
    assert.match(
      failures.map(({ message }) => message).join('\n'),
      /cannot comment on the pull request: a run asks Bitbucket for no more than 8 things/,
    );
  });

  it('leaves no annotation of an earlier run on the commit', async () => {
    await using world = await setUp();
    const told = { ...warmOutcome, configuration: '.gitpod.yml' };
    await world.tell({ ...told, findings: [FINDING] });
    assert.equal(world.standing()?.annotations.size, 1);
    await world.tell({ ...told, findings: [] });
    assert.equal(world.standing()?.annotations.size, 0);
  });

  it('has a status, a report and a comment of its own for a configuration that is asked for by its path', async () => {
    await using world = await setUp({ environment: { CONFIG_FILE: 'tools/.gitpod.yml' } });
    const pullRequest = { id: 12, destinationBranch: 'main' };
    world.bitbucket.openPullRequest('team/app', { id: 12, branch: 'feature/login', commit: COMMIT });
    world.bitbucket.addComment('team/app', 12, '**preheat: workspace image**');
    await world.tell(warmOutcome, contextOf({ ...BRANCH, pullRequest }));
    const [{ key, name } = {}] = world.bitbucket.statuses('team/app', COMMIT);
    assert.deepEqual([key, name], [statusKey('tools/.gitpod.yml'), 'Workspace image (tools/.gitpod.yml)']);
    assert.notEqual(key, KEY);
    assert.deepEqual([...world.bitbucket.reports('team/app', COMMIT).keys()], [key]);
    assert.equal(world.comments(12).length, 2);
  });

  it('ends the status that a killed run left on the commit before', async () => {
    await using world = await setUp();
    const body = {
      key: KEY,
      state: 'INPROGRESS',
      name: 'Workspace image',
      description: 'd',
      url: 'https://example.org/7',
    };
    const address = `${world.bitbucket.baseUrl}/repositories/team/app/commit/${PARENT}/statuses/build`;
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.deepEqual(await world.tell(warmOutcome, contextOf(), async () => PARENT), []);
    assert.partialDeepStrictEqual(world.bitbucket.statuses('team/app', PARENT), [
      { key: KEY, state: 'STOPPED', url: 'https://example.org/7' },
    ]);
  });

  it('goes on where one part cannot be told, and tells each once', async () => {
    await using world = await setUp();
    world.bitbucket.openPullRequest('team/app', { id: 12, branch: 'feature/login', commit: COMMIT });
    const pullRequest = { id: 12, destinationBranch: 'main' };
    const report = createBitbucketReport(world.session);
    report.started(contextOf({ ...BRANCH, pullRequest }), async () => undefined);
    while (world.bitbucket.requests.length === 0) await new Promise((resolve) => void setImmediate(resolve));
    const refuse = { kind: 'answer', status: 403, headers: {}, body: '' } as const;
    world.bitbucket.failNext(refuse, refuse);
    const failures = await report.ended(warmOutcome);
    assert.deepEqual(
      failures.map(({ message }) => message.replace(/: .*/, '')),
      ['cannot report the build status', 'cannot put the report on the commit'],
    );
    assert.equal(world.comments(12).length, 1);
  });

  it('is nothing where the run ended before it knew its commit', async () => {
    await using world = await setUp();
    assert.deepEqual(await createBitbucketReport(world.session).ended(failedOutcome), []);
    assert.equal(world.bitbucket.requests.length, 0);
  });

  it('is a report alone without a token, through the proxy of the step, and no credential goes there', async () => {
    const environment = { BITBUCKET_ACCESS_TOKEN: '' };
    await using asked = await setUp();
    await using world = await setUp({
      environment: {
        ...environment,
        BITBUCKET_API: asked.bitbucket.baseUrl,
        STEP_PROXY: asked.bitbucket.proxyUrl,
      },
    });
    assert.deepEqual(await world.tell({ ...warmOutcome, findings: [FINDING] }), []);
    assert.equal(asked.standing()?.annotations.size, 1);
    assert.ok(
      asked.bitbucket.requests.every(({ isProxied, headers }) => isProxied && !headers.authorization),
    );
    assert.deepEqual(asked.states(), []);
    assert.deepEqual(world.infos(), ['no build status, no comment: BITBUCKET_ACCESS_TOKEN is not given']);
  });

  it('is nothing without a token and a proxy, which is said; outside Bitbucket without a word', async () => {
    await using world = await setUp({ environment: { BITBUCKET_ACCESS_TOKEN: '' } });
    await world.tell(warmOutcome);
    assert.deepEqual(world.infos(), [
      'nothing is reported to Bitbucket: BITBUCKET_ACCESS_TOKEN is not given',
    ]);
    const { bitbucket: _, ...elsewhere } = contextOf().event;
    await world.tell(warmOutcome, { ...contextOf(), event: elsewhere });
    assert.equal(world.infos().length, 1);
    assert.equal(world.bitbucket.requests.length, 0);
  });
});

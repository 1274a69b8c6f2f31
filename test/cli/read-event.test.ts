import assert from 'node:assert/strict';
import { readEvent } from '../../src/cli/read-event.ts';
import { plan } from '../../src/plan/plan.ts';
import { makeClone } from '../support/clone.ts';
import { FACTS, INPUTS } from '../support/records.ts';
import { testSession } from './test-session.ts';

const PUSHED = '0123456789abcdef0123456789abcdef01234567';
const OTHER = 'f'.repeat(40);
const STEP = {
  BITBUCKET_PIPELINE_UUID: '{1}',
  BITBUCKET_COMMIT: PUSHED,
  BITBUCKET_WORKSPACE: 'team',
  BITBUCKET_REPO_SLUG: 'app',
  BITBUCKET_BRANCH: 'main',
};
const PULL_REQUEST = {
  ...STEP,
  BITBUCKET_COMMIT: PUSHED.slice(0, 12),
  BITBUCKET_BRANCH: 'feature',
  BITBUCKET_PR_ID: '7',
  BITBUCKET_PR_DESTINATION_BRANCH: 'main',
};

/** The event in a step of Pipelines, where the clone is not asked. */
const inStep = (environment: Readonly<Record<string, string>>, options = {}) =>
  readEvent('/nowhere', testSession({ environment, options }));
/** Where a run for this event writes. */
async function tagsOf(environment: Readonly<Record<string, string>>, options = {}) {
  const { scope, hintTags } = plan({ ...INPUTS, event: await inStep(environment, options) }, FACTS);
  return { scope, hintTags };
}

describe('the event of a run', () => {
  it('comes from Pipelines inside a step', async () => {
    assert.partialDeepStrictEqual(await inStep(STEP), { trigger: 'pipelines', commit: PUSHED });
  });

  it('is still one of Pipelines for another commit: reported there, of no branch', async () => {
    const event = await inStep(STEP, { commit: OTHER });
    assert.partialDeepStrictEqual(event, {
      trigger: 'pipelines',
      commit: OTHER,
      ref: { kind: 'detached' },
      bitbucket: { repositorySlug: 'app' },
    });
    assert.deepEqual((await inStep(STEP, { commit: OTHER, branch: 'fix' })).ref, {
      kind: 'branch',
      name: 'fix',
    });
    assert.deepEqual((await inStep(STEP, { branch: 'fix' })).ref, { kind: 'branch', name: 'fix' });
  });

  it('stays on its branch for the same commit, cut or not', async () => {
    for (const commit of [PUSHED, PUSHED.slice(0, 8).toUpperCase()]) {
      assert.deepEqual((await inStep(STEP, { commit })).ref, { kind: 'branch', name: 'main' });
    }
    assert.deepEqual((await inStep(PULL_REQUEST, { commit: PUSHED })).ref, {
      kind: 'branch',
      name: 'feature',
    });
  });

  it('lets no pull request write what a branch reads, nor another commit move a hint', async () => {
    const ofPullRequest = { kind: 'pull-request', id: 7 };
    assert.deepEqual(await tagsOf(PULL_REQUEST), { scope: ofPullRequest, hintTags: ['pr-7'] });
    assert.deepEqual(await tagsOf(PULL_REQUEST, { commit: OTHER }), { scope: ofPullRequest, hintTags: [] });
    assert.deepEqual(await tagsOf(PULL_REQUEST, { branch: 'main' }), {
      scope: ofPullRequest,
      hintTags: ['pr-7'],
    });
    assert.deepEqual(await tagsOf(STEP, { commit: OTHER }), {
      scope: { kind: 'branch', branch: ':detached' },
      hintTags: [],
    });
  });

  it('comes from the clone elsewhere, an empty variable counting as none', async () => {
    await using clone = await makeClone({ 'README.md': 'x\n' });
    const read = (options = {}) =>
      readEvent(
        clone.directory,
        testSession({ environment: { ...STEP, BITBUCKET_PIPELINE_UUID: '' }, options }),
      );
    const commit = await clone.git('rev-parse', 'HEAD');
    assert.partialDeepStrictEqual(await read(), {
      trigger: 'local',
      commit,
      ref: { kind: 'branch', name: 'main' },
    });
    assert.deepEqual((await read({ commit: commit.slice(0, 10) })).ref, { kind: 'branch', name: 'main' });
    assert.deepEqual((await read({ commit: OTHER })).ref, { kind: 'detached' });
    assert.equal((await read({ defaultBranch: 'trunk' })).defaultBranch, 'trunk');
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { eventFromPipelines } from '../../src/event/event-from-pipelines.ts';
import { PushEvent } from '../../src/event/push-event.ts';
import { PreheatError } from '../../src/kernel/failure.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

/** What a step of a branch pipeline sees. */
const BRANCH_STEP = {
  CI: 'true',
  BITBUCKET_BUILD_NUMBER: '42',
  BITBUCKET_COMMIT: COMMIT,
  BITBUCKET_WORKSPACE: 'acme',
  BITBUCKET_REPO_SLUG: 'web-shop',
  BITBUCKET_REPO_FULL_NAME: 'acme/web-shop',
  BITBUCKET_GIT_HTTP_ORIGIN: 'http://bitbucket.org/acme/web-shop',
  BITBUCKET_BRANCH: 'feature/login',
};

function failureOf(env: Readonly<Record<string, string | undefined>>): PreheatError {
  try {
    eventFromPipelines(env);
  } catch (thrown) {
    if (thrown instanceof PreheatError) return thrown;
    throw thrown;
  }
  throw new assert.AssertionError({ message: 'the event was accepted' });
}

describe('eventFromPipelines', () => {
  it('reads a push to a branch', () => {
    const event = eventFromPipelines(BRANCH_STEP);
    assert.deepEqual(event, {
      schemaVersion: 1,
      trigger: 'pipelines',
      commit: COMMIT,
      ref: { kind: 'branch', name: 'feature/login' },
      repository: { name: 'web-shop', remoteUrl: 'https://bitbucket.org/acme/web-shop' },
      defaultBranch: 'main',
      bitbucket: { bitbucketWorkspace: 'acme', repositorySlug: 'web-shop', buildNumber: '42' },
    });
    assert.deepEqual(PushEvent.parse(event), event);
  });

  it('reads a pull request: its source branch, its destination, a commit cut to 12 digits', () => {
    const event = eventFromPipelines({
      ...BRANCH_STEP,
      BITBUCKET_COMMIT: COMMIT.slice(0, 12).toUpperCase(),
      BITBUCKET_PR_ID: '7',
      BITBUCKET_PR_DESTINATION_BRANCH: 'develop',
    });
    assert.equal(event.commit, '0123456789ab');
    assert.deepEqual(event.ref, { kind: 'branch', name: 'feature/login' });
    assert.deepEqual(event.pullRequest, { id: 7, destinationBranch: 'develop' });
  });

  it('reads a tag, and a custom pipeline on a commit', () => {
    const { BITBUCKET_BRANCH: _branch, ...step } = BRANCH_STEP;
    assert.deepEqual(eventFromPipelines({ ...step, BITBUCKET_TAG: 'v1.0' }).ref, {
      kind: 'tag',
      name: 'v1.0',
    });
    assert.deepEqual(eventFromPipelines({ ...step, BITBUCKET_BRANCH: '' }).ref, { kind: 'detached' });
  });

  it('takes the default branch from the option, then from the variable, then main', () => {
    const branchOf = (env: object, defaultBranch?: string) =>
      eventFromPipelines({ ...BRANCH_STEP, ...env }, defaultBranch === undefined ? {} : { defaultBranch })
        .defaultBranch;
    assert.equal(branchOf({ DEFAULT_BRANCH: 'trunk' }, 'develop'), 'develop');
    assert.equal(branchOf({ DEFAULT_BRANCH: 'trunk' }), 'trunk');
    assert.equal(branchOf({}), 'main');
  });

  it('keeps no credentials of the origin', () => {
    const origin = 'https://x-token-auth:s3cret@bitbucket.org/acme/web-shop/?token=s3cret#s3cret';
    const event = eventFromPipelines({ ...BRANCH_STEP, BITBUCKET_GIT_HTTP_ORIGIN: origin });
    assert.equal(event.repository.remoteUrl, 'https://bitbucket.org/acme/web-shop');
    const { message } = failureOf({
      ...BRANCH_STEP,
      BITBUCKET_GIT_HTTP_ORIGIN: 'ftp://me:s3cret@bitbucket.org/x',
    });
    assert.match(message, /BITBUCKET_GIT_HTTP_ORIGIN is no http or https URL/);
    assert.doesNotMatch(message, /s3cret/);
  });

  it('tells everything that is missing at once', () => {
    const { message, phase, code, hint } = failureOf({});
    assert.deepEqual([phase, code], ['event', 'event']);
    for (const name of ['BITBUCKET_COMMIT', 'BITBUCKET_WORKSPACE', 'BITBUCKET_REPO_SLUG']) {
      assert.ok(message.includes(`${name} is missing`), message);
    }
    assert.match(hint ?? '', /^Run /);
  });

  it('tells everything that is wrong at once, with its value', () => {
    const { message } = failureOf({
      ...BRANCH_STEP,
      BITBUCKET_COMMIT: '$(id)',
      BITBUCKET_BRANCH: 'a..b',
      BITBUCKET_REPO_SLUG: '..',
      BITBUCKET_WORKSPACE: 'a/b',
      BITBUCKET_PR_ID: '0',
      BITBUCKET_BUILD_NUMBER: '-1',
    });
    assert.ok(message.startsWith('cannot read the push from the variables of Pipelines: '), message);
    for (const told of ['BITBUCKET_COMMIT "$(id)"', 'BITBUCKET_BRANCH "a..b"', 'BITBUCKET_REPO_SLUG ".."']) {
      assert.ok(message.includes(told), message);
    }
    for (const told of ['BITBUCKET_WORKSPACE "a/b"', 'BITBUCKET_PR_ID "0"', 'BITBUCKET_BUILD_NUMBER "-1"']) {
      assert.ok(message.includes(told), message);
    }
  });

  it('wants the destination of a pull request', () => {
    const { message } = failureOf({ ...BRANCH_STEP, BITBUCKET_PR_ID: '7' });
    assert.match(message, /: BITBUCKET_PR_DESTINATION_BRANCH is missing$/);
  });

  it('accepts or refuses any environment, and lets nothing through that a tag, a URL or a shell could trip over', () => {
    const value = fc.option(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...Object.values(BRANCH_STEP), '7')),
      {
        nil: undefined,
      },
    );
    const names = [
      ...Object.keys(BRANCH_STEP),
      'BITBUCKET_TAG',
      'BITBUCKET_PR_ID',
      'BITBUCKET_PR_DESTINATION_BRANCH',
    ];
    const overrides = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 3 });
    fc.assert(
      fc.property(overrides, (env) => {
        let event: PushEvent;
        try {
          event = eventFromPipelines({ ...BRANCH_STEP, ...env });
        } catch (thrown) {
          assert.ok(thrown instanceof PreheatError);
          assert.ok(!/[\u0000-\u001F\u007F-\u009F]/.test(thrown.message));
          return;
        }
        assert.deepEqual(PushEvent.parse(event), event);
        assert.match(event.commit, /^[0-9a-f]{7,40}$/);
        assert.match(event.repository.name, /^[A-Za-z0-9_.-]+$/);
        assert.doesNotMatch(event.repository.remoteUrl ?? '', /[@\s]/);
      }),
    );
  });
});

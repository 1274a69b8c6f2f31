import assert from 'node:assert/strict';
import { originOf } from '../../src/cli/open-sources.ts';
import type { PushEvent } from '../../src/event/push-event.ts';
import { EVENT } from '../support/records.ts';
import { testSession } from './test-session.ts';

const PIPELINES: PushEvent = {
  ...EVENT,
  trigger: 'pipelines',
  bitbucket: { bitbucketWorkspace: 'team', repositorySlug: 'app' },
};
const origin = (event: PushEvent, environment = {}, options = {}) =>
  originOf(event, testSession({ environment, options }));

describe('the origin of sources', () => {
  it('is asked over plain HTTP through the proxy of the step', () => {
    const proxied = { kind: 'proxied', url: 'http://bitbucket.org/team/app.git' } as const;
    assert.deepEqual(origin(PIPELINES), { ...proxied, proxy: 'http://localhost:29418/' });
    assert.deepEqual(origin(PIPELINES, { BITBUCKET_PIPE_STORAGE_DIR: '/pipes/a' }), {
      ...proxied,
      proxy: 'http://host.docker.internal:29418/',
    });
    assert.deepEqual(origin(PIPELINES, { STEP_PROXY: 'http://127.0.0.1:3128' }), {
      ...proxied,
      proxy: 'http://127.0.0.1:3128/',
    });
  });

  it('is known by workspace and slug where Pipelines does not tell it', () => {
    const event = { ...PIPELINES, repository: { name: 'app' } };
    assert.partialDeepStrictEqual(origin(event), { url: 'http://bitbucket.org/team/app' });
  });

  it('is the clone’s own outside Pipelines, and where there is to be no proxy', () => {
    assert.equal(origin(EVENT).kind, 'own');
    assert.equal(origin(PIPELINES, {}, { stepProxy: 'none' }).kind, 'own');
    const overSsh = { ...EVENT, repository: { name: 'app', remoteUrl: 'git@bitbucket.org:team/app.git' } };
    assert.deepEqual(origin(overSsh, {}, { stepProxy: 'http://127.0.0.1:3128' }), {
      kind: 'own',
      url: undefined,
    });
  });
});

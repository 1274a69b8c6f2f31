import assert from 'node:assert/strict';
import { outsideAccess } from '../../src/cli/outside-access.ts';
import { readSettings } from '../../src/cli/read-settings.ts';
import { givenSecrets, warnOfOverridden } from '../../src/cli/task-secrets.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import { silentLog } from '../support/silent-log.ts';
import { CONFIG, FACTS, INPUTS } from '../support/records.ts';
import { stepKeys } from '../../src/plan/step-keys.ts';
import { testSession } from './test-session.ts';

const names = (text: string) => readSettings('build', {}, { TASK_SECRETS: text })['task-secrets'];

describe('--task-secrets', () => {
  it('takes names, each once and sorted', () => {
    assert.deepEqual(names('NPM_TOKEN, A_KEY,,NPM_TOKEN'), ['A_KEY', 'NPM_TOKEN']);
    assert.deepEqual(names(''), []);
  });

  for (const [name, why] of [
    ['REGISTRY_PASSWORD', 'preheat’s own'],
    ['BITBUCKET_ACCESS_TOKEN', 'preheat’s own'],
    ['TASK_SECRETS', 'preheat’s own'],
    ['DOCKER_HOST', 'preheat’s own'],
    ['BITBUCKET_COMMIT', 'the pipeline’s own'],
    ['HOME', 'tasks have one already'],
    ['LD_PRELOAD', 'tasks have one already'],
    ['GITPOD_REPO_ROOT', 'tasks have one already'],
    ['HTTPS_PROXY', 'tasks have one already'],
    ['NPM_TOKEN=npm_abc', 'names only'],
    ['npm-token', 'names only'],
  ]) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => names(`GOOD,${name}`),
        (thrown) =>
          thrown instanceof PreheatError && thrown.phase === 'usage' && thrown.message.includes(why ?? ''),
      );
    });
  }

  it('repeats no value that stands where a name should, as with TASK_SECRETS=$NPM_TOKEN', async () => {
    for (const text of ['NPM_TOKEN=npm_abc', 'npm_abc-def', 'NPM_TOKEN:npm_abc', 'x,npm_abc/']) {
      assert.throws(
        () => names(text),
        (thrown) => !String(thrown).includes('npm_abc'),
      );
    }
    const session = testSession({ environment: { TASK_SECRETS: 'npm_abcDEF123' } });
    await assert.rejects(outsideAccess(session), (thrown) => {
      assert.ok(thrown instanceof PreheatError);
      assert.match(thrown.message, /the secret npm…: the environment has no such variable/);
      return !`${thrown.message} ${thrown.hint}`.includes('npm_abc');
    });
  });

  it('names a secret that is absent or empty', async () => {
    for (const environment of [{}, { B: '' }]) {
      const session = testSession({ environment: { TASK_SECRETS: 'A,B', A: 'value-of-a', ...environment } });
      await assert.rejects(outsideAccess(session), (thrown) => {
        assert.ok(thrown instanceof PreheatError);
        assert.match(thrown.message, /the secret B: the environment has no such variable, or it is empty/);
        return thrown.phase === 'usage';
      });
      assert.deepEqual(givenSecrets(['A', 'B'], session.environment), { A: 'value-of-a' });
    }
  });

  it('gives tasks the values, shows none, and says which are too short to be searched for', async () => {
    const environment = {
      TASK_SECRETS: 'LONG,SHORT',
      LONG: 'long-enough',
      SHORT: 'pin 123',
      OTHER: 'kept-back',
    };
    const session = testSession({ environment });
    const { secrets } = await outsideAccess(session);
    assert.deepEqual(secrets, { LONG: 'long-enough', SHORT: 'pin 123' });
    assert.equal(
      session.redactor.redact('long-enough pin 123 bG9uZy1lbm91Z2g='),
      '******** ******** ********',
    );
    assert.deepEqual(
      session.events.map((event) => (event.type === 'message' ? event.text : event.type)),
      ['the secret SHORT is so short that layers are not searched for it'],
    );
  });

  it('is a part of the keys by its names alone', () => {
    const keyWith = (taskSecrets?: readonly string[]) =>
      stepKeys({ ...INPUTS, settings: { ...INPUTS.settings, ...(taskSecrets && { taskSecrets }) } }, FACTS);
    assert.deepEqual(keyWith([]), keyWith());
    assert.notEqual(keyWith(['A']).staticKey, keyWith().staticKey);
    assert.notEqual(keyWith(['A']).contentKey, keyWith(['B']).contentKey);
  });

  it('is told of a value in the file, for all tasks or for one, that does not count', () => {
    const { log, lines } = silentLog();
    const tasks = [{ name: 'a', init: 'x', env: { B: '2' } }];
    warnOfOverridden({ ...CONFIG, env: { A: '1' }, tasks }, ['A', 'B', 'C'], log);
    assert.deepEqual(
      lines.map((line) => line.slice(0, 38)),
      ['the value of A in .gitpod.yml is not u', 'the value of B in .gitpod.yml is not u'],
    );
  });
});

import assert from 'node:assert/strict';
import { readSettings } from '../../src/cli/read-settings.ts';
import { optionsFromPipeVariables } from '../../pipe/pipe-variables.ts';

describe('pipe variables', () => {
  it('become lists where Pipelines hands lists over', () => {
    const variables = {
      PROTECTED_BRANCHES_COUNT: '2',
      PROTECTED_BRANCHES_0: 'release',
      PROTECTED_BRANCHES_1: 'a/b',
    };
    const settings = readSettings('build', {}, optionsFromPipeVariables(variables));
    assert.deepEqual(settings['protected-branches'], ['release', 'a/b']);
  });

  it('stay as they are else', () => {
    const variables = { REGISTRY: 'host.example/app', DEBUG: 'true', EMPTY: '' };
    assert.deepEqual(optionsFromPipeVariables(variables), variables);
  });

  it('are no list without all of its items', () => {
    for (const variables of [
      { BITBUCKET_PARALLEL_STEP: '0', BITBUCKET_PARALLEL_STEP_COUNT: '2' },
      { X: 'a', X_COUNT: '0' },
      { X: 'a', X_COUNT: '-1' },
      { X: 'a', X_COUNT: 'many' },
      { X: 'a', X_COUNT: '99999999', X_0: 'b' },
      { X_COUNT: '2', X_0: 'a' },
    ]) {
      assert.deepEqual(optionsFromPipeVariables(variables), variables);
    }
  });

  it('are left out where the step has none of that name', () => {
    const variables = { A: '$A', B: '${B}', C: '$A', D: 'a$D', PRICE: '$5' };
    assert.deepEqual(optionsFromPipeVariables(variables), { C: '$A', D: 'a$D', PRICE: '$5' });
  });
});

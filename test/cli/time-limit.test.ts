import assert from 'node:assert/strict';
import { readSettings } from '../../src/cli/read-settings.ts';
import { parseTimeLimit, timeLimits } from '../../src/cli/time-limit.ts';
import { PreheatError } from '../../src/kernel/failure.ts';

describe('time limits', () => {
  it('are read in seconds, minutes or hours', () => {
    assert.deepEqual(['90s', '30m', '2h', '168h', 'none'].map(parseTimeLimit), [
      90_000,
      1_800_000,
      7_200_000,
      604_800_000,
      undefined,
    ]);
  });

  for (const text of ['', '0s', '30', '1.5h', '-1m', '169h', '1d', '30 m', '99999999s']) {
    it(`are not "${text}"`, () => {
      assert.throws(() => parseTimeLimit(text), /expected none or a time up to 168h/);
    });
  }

  it('leave room in a step of Pipelines, unless they are said', () => {
    const limitsOf = (variables: Readonly<Record<string, string>>) =>
      timeLimits(readSettings('build', {}, variables));
    assert.deepEqual(limitsOf({}), { tasks: 6_300_000 });
    assert.deepEqual(limitsOf({ TASK_TIMEOUT: '5m', TASKS_TIMEOUT: 'none' }), { task: 300_000 });
    assert.throws(
      () => limitsOf({ TASK_TIMEOUT: 'soon' }),
      (thrown) => thrown instanceof PreheatError && thrown.message.includes('"soon"'),
    );
  });
});

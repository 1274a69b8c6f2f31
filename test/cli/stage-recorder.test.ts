import assert from 'node:assert/strict';
import { testSession } from './test-session.ts';

describe('the stage recorder', () => {
  it('remembers stages in the order in which they ended, and warnings only', async () => {
    const { log, recorder } = testSession();
    await log.step('look up', async (step) => step.conclude('base is there'));
    await assert.rejects(log.step('tasks', () => Promise.reject(new Error('no\nway'))));
    log.info('all is well');
    log.warn('nearly');
    log.error('not at all');
    assert.partialDeepStrictEqual(recorder.stages, [
      { name: 'look up', outcome: 'done', detail: 'base is there' },
      { name: 'tasks', outcome: 'failed', detail: 'no way' },
    ]);
    assert.deepEqual(recorder.warnings, ['nearly']);
    for (const { startedAt, durationMs } of recorder.stages) {
      assert.ok(Date.parse(startedAt) <= Date.now() && durationMs >= 0);
    }
  });

  it('never learns a secret', () => {
    const { log, recorder, redactor } = testSession();
    redactor.add('s3cret-word');
    log.warn('the password is s3cret-word');
    assert.deepEqual(recorder.warnings, ['the password is ********']);
  });
});

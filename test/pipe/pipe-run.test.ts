import assert from 'node:assert/strict';
import { pipeExitCode, readPipeRun } from '../../pipe/pipe-run.ts';

describe('the variables that only the pipe has', () => {
  it('say what the step does, and whether a failing task fails it', () => {
    const usual = { command: 'build', tolerateTasks: true, problems: [] } as const;
    assert.deepEqual(readPipeRun({}), usual);
    assert.deepEqual(readPipeRun({ COMMAND: '', FAIL_ON_TASK: ' ' }), usual);
    assert.deepEqual(readPipeRun({ COMMAND: 'plan' }), { ...usual, command: 'plan' });
    for (const text of ['true', 'True', ' true\n', '1'])
      assert.deepEqual(readPipeRun({ FAIL_ON_TASK: text }), { ...usual, tolerateTasks: false });
    assert.deepEqual(readPipeRun({ FAIL_ON_TASK: 'false' }), usual);
  });

  it('are all named when they are wrong', () => {
    const { problems, command } = readPipeRun({ COMMAND: 'destroy', FAIL_ON_TASK: 'perhaps' });
    assert.deepEqual(
      problems.map((problem) => problem.split(':')[0]),
      ['COMMAND', 'FAIL_ON_TASK'],
    );
    assert.equal(command, 'build');
  });
});

describe('the exit code of the pipe', () => {
  it('leaves the step alone when a task failed, and only then', () => {
    assert.equal(pipeExitCode(51, { tolerateTasks: true }), 0);
    assert.equal(pipeExitCode(51, { tolerateTasks: false }), 51);
    for (const code of [0, 1, 2, 10, 20, 30, 50, 52, 60, 70, 130])
      for (const tolerateTasks of [true, false]) assert.equal(pipeExitCode(code, { tolerateTasks }), code);
  });
});

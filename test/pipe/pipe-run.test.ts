import assert from 'node:assert/strict';
import { pipeExitCode, readPipeRun } from '../../pipe/pipe-run.ts';
import type { Variables } from '../../pipe/pipe-variables.ts';

describe('the variables that only the pipe has', () => {
  it('say what the step does, and whether a failing task fails it', () => {
    const usual = { command: 'build', tolerateTasks: true, problems: [] } as const;
    const read = (variables: Variables) => readPipeRun({ REGISTRY: 'host.example/app', ...variables });
    assert.deepEqual(read({}), usual);
    assert.deepEqual(read({ COMMAND: '', FAIL_ON_TASK: ' ' }), usual);
    assert.deepEqual(read({ COMMAND: 'plan' }), { ...usual, command: 'plan' });
    for (const text of ['true', 'True', ' true\n', '1'])
      assert.deepEqual(read({ FAIL_ON_TASK: text }), { ...usual, tolerateTasks: false });
    assert.deepEqual(read({ FAIL_ON_TASK: 'false' }), usual);
  });

  it('need a registry, or the credentials of the one that every step may have', () => {
    const packages = { BITBUCKET_PACKAGES_USERNAME: 'u', BITBUCKET_PACKAGES_TOKEN: 't' };
    assert.deepEqual(readPipeRun(packages).problems, []);
    for (const variables of [{}, { REGISTRY: ' ' }, { BITBUCKET_PACKAGES_USERNAME: 'u' }])
      assert.match(readPipeRun(variables).problems.join(), /^REGISTRY: is missing/);
  });

  it('name each secret of tasks that the step does not hand over', () => {
    const read = (variables: Variables) =>
      readPipeRun({ REGISTRY: 'host.example/app', ...variables }).problems;
    assert.deepEqual(read({ TASK_SECRETS: 'A, B', A: 'a', B: 'b' }), []);
    assert.deepEqual(
      read({ TASK_SECRETS: 'A,B,C', B: 'b', C: '' }).map((problem) => problem.replace(/, or.*$/, '')),
      ['TASK_SECRETS: the step hands over no A', 'TASK_SECRETS: the step hands over no C'],
    );
    assert.doesNotMatch(read({ TASK_SECRETS: 'npmS3cretToken' }).join(), /S3cret/);
  });

  it('are all named when they are wrong', () => {
    const { problems, command } = readPipeRun({ COMMAND: 'destroy', FAIL_ON_TASK: 'perhaps' });
    assert.deepEqual(
      problems.map((problem) => problem.split(':')[0]),
      ['REGISTRY', 'COMMAND', 'FAIL_ON_TASK'],
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

import assert from 'node:assert/strict';
import { pipeExitCode, toleratesTasks } from '../../pipe/pipe-exit-code.ts';

describe('the exit code of the pipe', () => {
  it('leaves the step alone when a task failed, and only then', () => {
    assert.equal(pipeExitCode(51, {}), 0);
    for (const code of [0, 1, 2, 10, 20, 30, 50, 52, 60, 70, 130]) assert.equal(pipeExitCode(code, {}), code);
  });

  for (const [text, expected] of [
    ['true', 51],
    ['True', 51],
    ['false', 0],
    ['', 0],
  ] as const) {
    it(`is ${expected} for FAIL_ON_TASK '${text}' when a task failed`, () => {
      assert.equal(pipeExitCode(51, { FAIL_ON_TASK: text }), expected);
      assert.equal(toleratesTasks({ FAIL_ON_TASK: text }), expected === 0);
    });
  }
});

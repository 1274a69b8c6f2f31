import assert from 'node:assert/strict';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { PreheatError, type FailureOptions } from '../../src/kernel/failure.ts';

const CASES: readonly (readonly [FailureOptions, number])[] = [
  [{ phase: 'usage' }, 2],
  [{ phase: 'event' }, 10],
  [{ phase: 'config' }, 20],
  [{ phase: 'observe' }, 30],
  [{ phase: 'plan' }, 30],
  [{ phase: 'build' }, 50],
  [{ phase: 'assemble' }, 60],
  [{ phase: 'publish' }, 60],
  [{ phase: 'report' }, 70],
  [{ phase: 'start' }, 80],
  [{ phase: 'build', code: 'task-failed' }, 51],
  [{ phase: 'build', code: 'out-of-memory' }, 52],
  [{ phase: 'publish', code: 'interrupted' }, 130],
];

describe('exit codes', () => {
  for (const [options, expected] of CASES) {
    it(`${expected}: ${options.phase}${options.code === undefined ? '' : `, ${options.code}`}`, () => {
      assert.equal(exitCodeOf(new PreheatError('cannot', options)), expected);
    });
  }

  it('1: a defect of preheat', () => assert.equal(exitCodeOf(new TypeError('x is not a function')), 1));
});

import assert from 'node:assert/strict';
import { declaredInputs } from '../../src/plan/declared-inputs.ts';

const task = (name: string, inputs?: readonly string[], init = 'make') => ({
  name,
  init,
  env: {},
  ...(inputs && { inputs: [...inputs] }),
});

describe('declared inputs', () => {
  it('are the union of those of all tasks', () => {
    const tasks = [task('a', ['x', 'y']), task('b', ['y', 'z'])];
    assert.deepEqual(declaredInputs({ tasks }, []), { rule: 'declared', inputs: ['x', 'y', 'z'] });
    assert.deepEqual(declaredInputs({ tasks }, ['w']), { rule: 'declared', inputs: ['w', 'x', 'y', 'z'] });
  });

  it('do not count where one task has none, unless the option speaks for all', () => {
    const tasks = [task('a', ['x']), task('b')];
    assert.deepEqual(declaredInputs({ tasks }, []), { rule: 'whole-tree', undeclared: ['b'] });
    assert.deepEqual(declaredInputs({ tasks }, ['y']), { rule: 'declared', inputs: ['x', 'y'] });
  });

  it('are not asked of a task that runs nothing in a build', () => {
    const tasks = [task('a', ['x']), task('b', undefined, ' ')];
    assert.deepEqual(declaredInputs({ tasks }, []), { rule: 'declared', inputs: ['x'] });
  });

  it('are the whole tree where nothing is declared, and where nothing runs', () => {
    const whole = { rule: 'whole-tree', undeclared: [] };
    assert.deepEqual(declaredInputs({ tasks: [task('a'), task('b')] }, []), whole);
    assert.deepEqual(declaredInputs({ tasks: [task('a', ['x'], '')] }, ['y']), whole);
  });
});

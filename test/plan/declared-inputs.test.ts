import assert from 'node:assert/strict';
import type { InputOption } from '../../src/config/input-option.ts';
import { declaredInputs, unknownTasks } from '../../src/plan/declared-inputs.ts';

const option = (...forAll: readonly string[]): InputOption => ({ forAll, ofTask: new Map() });

const task = (name: string, inputs?: readonly string[], init = 'make') => ({
  name,
  init,
  env: {},
  ...(inputs && { inputs: [...inputs] }),
});

describe('declared inputs', () => {
  it('are the union of those of all tasks', () => {
    const tasks = [task('a', ['x', 'y']), task('b', ['y', 'z'])];
    assert.deepEqual(declaredInputs({ tasks }, option()), { rule: 'declared', inputs: ['x', 'y', 'z'] });
    assert.deepEqual(declaredInputs({ tasks }, option('w')), {
      rule: 'declared',
      inputs: ['w', 'x', 'y', 'z'],
    });
  });

  it('do not count where one task has none, unless the option speaks for all', () => {
    const tasks = [task('a', ['x']), task('b')];
    assert.deepEqual(declaredInputs({ tasks }, option()), { rule: 'whole-tree', undeclared: ['b'] });
    assert.deepEqual(declaredInputs({ tasks }, option('y')), { rule: 'declared', inputs: ['x', 'y'] });
  });

  it('are not asked of a task that runs nothing in a build', () => {
    const tasks = [task('a', ['x']), task('b', undefined, ' ')];
    assert.deepEqual(declaredInputs({ tasks }, option()), { rule: 'declared', inputs: ['x'] });
  });

  it('are the whole tree where nothing is declared, and where nothing runs', () => {
    const whole = { rule: 'whole-tree', undeclared: [] };
    assert.deepEqual(declaredInputs({ tasks: [task('a'), task('b')] }, option()), whole);
    assert.deepEqual(declaredInputs({ tasks: [task('a', ['x'], '')] }, option('y')), whole);
  });

  it('are those that the option gives a task by its name, with those of its comment', () => {
    const tasks = [task('a', ['x']), task('b')];
    const ofTask = new Map([
      ['a', ['w']],
      ['b', ['y']],
    ]);
    const named = { forAll: [], ofTask };
    assert.deepEqual(declaredInputs({ tasks }, named), { rule: 'declared', inputs: ['w', 'x', 'y'] });
    const onlyOne = { forAll: [], ofTask: new Map([['a', ['w']]]) };
    assert.deepEqual(declaredInputs({ tasks }, onlyOne), { rule: 'whole-tree', undeclared: ['b'] });
    assert.deepEqual(unknownTasks({ tasks }, named), []);
    assert.deepEqual(unknownTasks({ tasks: [] }, onlyOne), ['a']);
  });
});

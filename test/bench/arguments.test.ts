import assert from 'node:assert/strict';
import { readArguments } from '../../bench/arguments.ts';
import { PUSH_KINDS } from '../../bench/push-kind.ts';

const KNOWN = { only: ['node', 'c-make'], contenders: ['preheat', 'tuned'] };

describe('the words of the benchmark', () => {
  it('mean everything, three times, where there are none', () => {
    const { runs, pushes, only, whole } = readArguments([], KNOWN);
    assert.deepEqual([runs, [...pushes], only, whole], [3, PUSH_KINDS, undefined, true]);
  });

  it('choose a part, which is not the whole', () => {
    const words = ['--only', 'node', '--pushes', 'no-op,docs-only', '--contenders', 'tuned', '--runs', '1'];
    const { runs, pushes, only, contenders, whole } = readArguments(words, KNOWN);
    assert.deepEqual([...pushes], ['no-op', 'docs-only']);
    assert.deepEqual(
      [[...(only ?? [])], [...(contenders ?? [])], runs, whole],
      [['node'], ['tuned'], 1, false],
    );
  });

  for (const words of [
    ['--only', 'node'],
    ['--pushes', 'cold'],
    ['--contenders', 'tuned'],
    ['--repo', '/some/clone'],
  ])
    it(`are not the whole with ${words[0]}`, () => {
      assert.equal(readArguments(words, KNOWN).whole, false);
    });

  it('are the whole with another number of runs', () => {
    assert.equal(readArguments(['--runs', '1'], KNOWN).whole, true);
  });

  it('are refused with what there is', () => {
    assert.throws(() => readArguments(['--only', 'rust'], KNOWN), /--only rust: there are node, c-make$/);
    assert.throws(() => readArguments(['--pushes', 'cold,warm'], KNOWN), /--pushes warm: there are cold, /);
    for (const runs of ['0', '1.5', 'many'])
      assert.throws(() => readArguments(['--runs', runs], KNOWN), /it must be 1 or more/);
    assert.throws(() => readArguments(['--fast'], KNOWN));
  });
});

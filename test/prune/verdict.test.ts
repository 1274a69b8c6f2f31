import assert from 'node:assert/strict';
import { goIfOld } from '../../src/prune/verdict.ts';

describe('goIfOld', () => {
  it('tells what is young from what has no age', () => {
    assert.deepEqual(goIfOld(2, 1, 'gone'), { kind: 'keep' });
    assert.deepEqual(goIfOld(undefined, 1, 'gone'), { kind: 'unjudged' });
    assert.deepEqual(goIfOld(0, 1, 'gone'), { kind: 'go', why: 'gone' });
  });
});

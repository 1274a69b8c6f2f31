import assert from 'node:assert/strict';
import { remedyLines } from '../../src/kernel/remedy.ts';

describe('a remedy', () => {
  it('is shown so that it can be pasted as it is', () => {
    assert.deepEqual(remedyLines({ file: 'a.yml', yaml: 'a:\n  b: 1' }), [
      '  in a.yml:',
      '',
      'a:',
      '  b: 1',
      '',
    ]);
  });

  it('leaves no line where there is none', () => assert.deepEqual(remedyLines(undefined), []));
});

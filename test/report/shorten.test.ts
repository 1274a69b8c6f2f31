import assert from 'node:assert/strict';
import { shorten } from '../../src/report/shorten.ts';

describe('shorten', () => {
  const cases: readonly [string, number, string][] = [
    ['whole', 5, 'whole'],
    ['too long', 5, 'too …'],
    ['two\n  lines ', 20, 'two lines'],
    ['ab🚀🚀', 4, 'ab…'],
    ['ab🚀🚀', 5, 'ab🚀…'],
    ['ab', 1, '…'],
    ['ab', 0, ''],
  ];
  for (const [text, longest, expected] of cases) {
    it(`makes ${JSON.stringify(expected)} of ${JSON.stringify(text)} in ${longest}`, () => {
      assert.equal(shorten(text, longest), expected);
    });
  }
});

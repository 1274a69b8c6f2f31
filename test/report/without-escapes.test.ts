import assert from 'node:assert/strict';
import { withoutEscapes } from '../../src/report/without-escapes.ts';

describe('text without escapes', () => {
  const cases: readonly [string, string][] = [
    ['\u001B[1;31mred\u001B[0m', 'red'],
    ['\u001B[2K\u001B[1Gline', 'line'],
    ['\u001B]8;;https://example.org\u0007link\u001B]8;;\u001B\\', 'link'],
    ['\u001B]0;title without end', ''],
    ['\u001B(Bplain', 'plain'],
    ['[31m stays', '[31m stays'],
  ];
  for (const [text, expected] of cases) {
    it(`of ${JSON.stringify(text)}`, () => assert.equal(withoutEscapes(text), expected));
  }
});

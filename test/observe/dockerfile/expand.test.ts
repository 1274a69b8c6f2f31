import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expand } from '../../../src/observe/dockerfile/expand.ts';

const VARIABLES = new Map([
  ['A', 'one'],
  ['EMPTY', ''],
]);

describe('expand', () => {
  const cases: readonly (readonly [word: string, value: string | undefined])[] = [
    ['plain', 'plain'],
    ['$A-${A}x$NONE', 'one-onex'],
    ['${A:-x}${EMPTY:-y}${NONE-z}${EMPTY-w}', 'oneyz'],
    ['${A:+x}${EMPTY:+y}${EMPTY+z}${NONE+w}', 'xz'],
    ['${A?no}', 'one'],
    ['${NONE?no}', undefined],
    ['${EMPTY:?no}', undefined],
    ['${NONE:-${A}-"b c"}', 'one-b c'],
    [`'$A'"$A"\\$A`, '$Aone$A'],
    ['"a\\nb\\"c"', 'a\\nb"c'],
    ['${A#o}', undefined],
    ['${A', undefined],
    ['$', undefined],
    ["'open", undefined],
    ['"open', undefined],
  ];
  for (const [word, value] of cases) {
    it(`makes ${String(value)} of ${word}`, () => assert.equal(expand(word, VARIABLES, '\\'), value));
  }

  it('leaves words without quotes, escapes and variables as they are', () => {
    const plain = fc.string().filter((text) => !/[$"'\\]/.test(text));
    fc.assert(fc.property(plain, (word) => assert.equal(expand(word, VARIABLES, '\\'), word)));
  });

  it('gives back what single quotes hold, whatever it is', () => {
    const quotable = fc.string().filter((text) => !text.includes("'"));
    fc.assert(fc.property(quotable, (text) => assert.equal(expand(`'${text}'`, VARIABLES, '\\'), text)));
  });
});

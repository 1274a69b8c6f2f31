import assert from 'node:assert/strict';
import { readIgnoreFile } from '../../../src/observe/dockerfile/ignore-patterns.ts';

const PATHS = [
  'a',
  'abc',
  'd/b',
  'd/e/f',
  'd/e/keep',
  'd/keep',
  'foox',
  'x',
  'c++',
  'lost+found/y',
  'lostfound/y',
  'a*b',
  'q/r/s/y',
  'd/t.log',
  't.log',
  '(p)',
];

/**
 * What Docker left out of a context of {@link PATHS}, seen with BuildKit 0.13 (`docker buildx build` of `COPY . /`);
 * patterns are parted by spaces.
 */
const SEEN: readonly (readonly [patterns: string, ignored: readonly string[]])[] = [
  ['d', ['d/b', 'd/e/f', 'd/e/keep', 'd/keep', 'd/t.log']],
  ['/d/e/', ['d/e/f', 'd/e/keep']],
  ['./x/../d/e', ['d/e/f', 'd/e/keep']],
  ['*.log', ['t.log']],
  ['**/*.log', ['d/t.log', 't.log']],
  ['**x', ['foox', 'x']],
  ['**/x', ['x']],
  ['q/**/y', ['q/r/s/y']],
  ['c++ lost+found (p)', ['c++', 'lost+found/y', '(p)']],
  [String.raw`a\*b`, ['a*b']],
  ['a?c', ['abc']],
  ['[xyz]', ['x']],
  ['d !d/e', ['d/b', 'd/keep', 'd/t.log']],
  ['d/** !**/keep', ['d/b', 'd/e/f', 'd/t.log']],
  ['d/keep !d', ['d/keep']],
  ['!d d/keep', ['d/keep']],
  ['# !x', []],
  ['A', []],
  ['** !d/b', PATHS.filter((path) => path !== 'd/b')],
];

describe('readIgnoreFile', () => {
  for (const [patterns, ignored] of SEEN) {
    it(`takes ${patterns} as Docker does`, () => {
      const isIgnored = readIgnoreFile(`${patterns.replaceAll(' ', '\n')}\n`);
      assert.deepEqual(PATHS.filter(isIgnored), ignored);
    });
  }

  it('trims lines, skips comments, a byte order mark and CRLF', () => {
    const isIgnored = readIgnoreFile('\ufeff  x  \r\n#a\r\n\r\n ! x \r\n\tabc\r\n');
    assert.deepEqual(PATHS.filter(isIgnored), ['abc']);
  });

  it('cleans a pattern twice, as Docker does', () => {
    // Seen with `docker build`: what is left behind a slash at the beginning is trimmed and read anew.
    assert.deepEqual(PATHS.filter(readIgnoreFile('/ x\n./ d//\n')), PATHS.filter(readIgnoreFile('x\nd\n')));
    assert.deepEqual(PATHS.filter(readIgnoreFile('x\n/!x\n./!x')), []);
  });

  it('refuses what is no pattern', () => {
    for (const text of ['!', ' ! \n', '[', '/!']) assert.throws(() => readIgnoreFile(text), SyntaxError);
  });
});

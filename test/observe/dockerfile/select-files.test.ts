import assert from 'node:assert/strict';
import { selectFiles } from '../../../src/observe/dockerfile/select-files.ts';

const FILES = ['a', 'a.json', 'b.json', 'd/a.json', 'd/e/f', 'd/e/g', 'dd/e/f', 'caf\xc3\xa9'];
const entry = (path: string, mode = 0o100644) => ({ path, mode, id: '0'.repeat(40) });

describe('selectFiles', () => {
  const cases: readonly (readonly [sources: readonly string[], selected: readonly string[]])[] = [
    [[], []],
    [['.'], FILES],
    [['/'], FILES],
    [['a'], ['a']],
    [
      ['./a', '/d/e/f'],
      ['a', 'd/e/f'],
    ],
    [['d/'], ['d/a.json', 'd/e/f', 'd/e/g']],
    [['x/../d/e'], ['d/e/f', 'd/e/g']],
    [['../../a'], ['a']],
    [['*.json'], ['a.json', 'b.json']],
    [['*/e/f'], ['d/e/f', 'dd/e/f']],
    [['?/e'], ['d/e/f', 'd/e/g']],
    [['caf\u00e9'], ['caf\xc3\xa9']],
    [['caf?'], ['caf\xc3\xa9']],
    [['none'], []],
    [['[ab].json'], FILES],
    // `COPY --parents` takes any number of folders for it.
    [['**/f'], FILES],
  ];
  for (const [sources, selected] of cases) {
    it(`takes ${JSON.stringify(sources)}`, () => {
      const found = selectFiles(
        FILES.map((path) => entry(path)),
        sources,
      );
      assert.deepEqual(
        found.map(({ path }) => path),
        selected,
      );
    });
  }

  it('takes everything where a link is or leads to what is meant, and only there', () => {
    const entries = [entry('link', 0o120000), entry('d/link', 0o120000), entry('d/a'), entry('e')];
    const count = (source: string): number => selectFiles(entries, [source]).length;
    assert.deepEqual([count('link'), count('link/x'), count('d/*'), count('*/link/y')], [4, 4, 4, 4]);
    // A link in a folder that is copied is copied as a link.
    assert.deepEqual([count('d'), count('e'), count('d/a')], [2, 1, 1]);
  });
});

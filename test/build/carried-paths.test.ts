import assert from 'node:assert/strict';
import fc from 'fast-check';
import { carriedTogether, listedPaths, listedTogether } from '../../src/build/carried-paths.ts';
import { runs } from '../support/runs.ts';

const PATHS = ['a', 'a/b', 'a/b/x', 'a/c', 'd', 'd/e'];
const path: fc.Arbitrary<string> = fc.constantFrom(...PATHS);
const carried = fc
  .array(fc.tuple(path, fc.constantFrom('directory' as const, 'leaf' as const)))
  .map((entries) => new Map(entries));

describe('layers that are carried together', () => {
  it('tell what one map of both would tell, each path once', () => {
    fc.assert(
      fc.property(carried, carried, (lower, upper) => {
        const [below, above] = [listedPaths(lower), listedPaths(upper)];
        const expected = new Map([...lower, ...upper]);
        const listed = listedTogether(below, above);
        assert.deepEqual([...listed.keys()].toSorted(), [...expected.keys()].toSorted());
        assert.equal(listed.size, expected.size);
        for (const each of [...PATHS, 'none']) assert.equal(listed.has(each), expected.has(each));
        for (const together of [listed, carriedTogether(below, above)]) {
          for (const each of [...PATHS, 'none']) {
            assert.equal(together.get(each), expected.get(each));
            const inside = [...expected.keys()].filter((other) => other.startsWith(`${each}/`));
            const found = together.findBelow(each);
            assert.ok(
              found === undefined ? inside.length === 0 : inside.includes(found),
              `${found} in ${each}`,
            );
          }
        }
      }),
      { numRuns: runs(300) },
    );
  });
});

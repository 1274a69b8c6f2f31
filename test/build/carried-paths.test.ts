import assert from 'node:assert/strict';
import fc from 'fast-check';
import { carriedTogether } from '../../src/build/carried-paths.ts';
import { runs } from '../support/runs.ts';

const path: fc.Arbitrary<string> = fc.constantFrom('a', 'a/b', 'a/c', 'd', 'd/e');
const carried = fc
  .array(fc.tuple(path, fc.constantFrom('directory' as const, 'leaf' as const)))
  .map((entries) => new Map(entries));

describe('carriedTogether', () => {
  it('tells what one map of both would tell, each path once', () => {
    fc.assert(
      fc.property(carried, carried, (lower, upper) => {
        const together = carriedTogether(lower, upper);
        const expected = new Map([...lower, ...upper]);
        const paths = [...together.keys()];
        assert.deepEqual(paths.toSorted(), [...expected.keys()].toSorted());
        assert.equal(together.size, expected.size);
        for (const each of ['a', 'a/b', 'a/c', 'd', 'd/e', 'none']) {
          assert.deepEqual(
            [together.get(each), together.has(each)],
            [expected.get(each), expected.has(each)],
          );
        }
      }),
      { numRuns: runs(300) },
    );
  });
});

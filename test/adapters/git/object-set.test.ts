import assert from 'node:assert/strict';
import fc from 'fast-check';
import { objectSet } from '../../../src/adapters/git/object-set.ts';
import { runs } from '../../support/runs.ts';

for (const [format, digits] of [
  ['sha1', 40],
  ['sha256', 64],
] as const) {
  // Few first digits, so that ids want the same slots.
  const id = fc
    .tuple(
      fc.constantFrom('0'.repeat(8), '00000001', 'ffffffff', 'deadbeef'),
      fc.stringMatching(/^[0-9a-f]{2}$/),
    )
    .map(([start, end]) => `${start}${'7'.repeat(digits - 10)}${end}`);

  describe(`a set of ${format} objects`, () => {
    it('has what was added and nothing else', () => {
      fc.assert(
        fc.property(fc.array(id, { maxLength: 40 }), fc.array(id, { maxLength: 40 }), (added, asked) => {
          const objects = objectSet(format);
          for (const each of added) objects.add(Buffer.from(`>${each}\n`), 1);
          for (const each of [...added, ...asked])
            assert.equal(objects.has(Buffer.from(each), 0), added.includes(each));
        }),
        { numRuns: runs(200) },
      );
    });

    it('grows, and keeps what it has', () => {
      const objects = objectSet(format);
      const numbered = (number: number) =>
        Buffer.from(Math.imul(number, 2_654_435_761).toString(16).replace('-', '').padStart(digits, '5'));
      for (let number = 0; number < 10_000; number++) objects.add(numbered(number), 0);
      for (let number = 0; number < 10_000; number++) assert.ok(objects.has(numbered(number), 0));
      for (let number = 20_000; number < 21_000; number++) {
        const isAdded = Array.from({ length: 10_000 }, (_, each) => each).some((each) =>
          numbered(each).equals(numbered(number)),
        );
        assert.equal(objects.has(numbered(number), 0), isAdded);
      }
    });
  });
}

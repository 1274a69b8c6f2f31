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
    it('has what is listed and nothing else', () => {
      const ids = fc.array(fc.oneof(id, fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`))), {
        maxLength: 40,
      });
      fc.assert(
        fc.property(ids, ids, fc.boolean(), (listed, asked, hasEnd) => {
          const list = listed.join('\n') + (hasEnd && listed.length > 0 ? '\n' : '');
          const objects = objectSet(Buffer.from(list), format);
          for (const each of [...listed, ...asked])
            assert.equal(objects.has(Buffer.from(`>${each} path\n`), 1), listed.includes(each), each);
        }),
        { numRuns: runs(200) },
      );
    });
  });
}

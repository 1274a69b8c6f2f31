import assert from 'node:assert/strict';
import { digestOf, parseDigest, shortDigest } from '../../src/oci/digest.ts';

// printf abc | sha256sum
const ABC = 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('digests', () => {
  it('are sha256 over the bytes', () => {
    assert.equal(digestOf('abc'), ABC);
    assert.equal(shortDigest(digestOf(Buffer.from('abc'))), 'ba7816bf8f01');
  });

  it('are read in their canonical form only', () => {
    assert.equal(parseDigest(ABC), ABC);
    for (const text of ['abc', ABC.toUpperCase(), `${ABC}0`, ABC.slice(0, -1), `sha512:${'a'.repeat(64)}`]) {
      assert.throws(() => parseDigest(text), RangeError);
    }
  });
});

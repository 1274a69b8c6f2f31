import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { joinChunks } from '../../src/oci/tar-chunks.ts';
import { runs } from '../support/runs.ts';

const LARGEST_JOINED = 64 * 1024;

describe('joinChunks', () => {
  it('keeps the bytes, in as few chunks as fit, though pieces reuse their memory', async () => {
    const sizes = fc.array(fc.oneof(fc.nat({ max: 2000 }), fc.integer({ min: 60_000, max: 140_000 })), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(sizes, async (lengths) => {
        const memory = Buffer.alloc(140_000);
        const expected = Buffer.concat(lengths.map((length, at) => Buffer.alloc(length, at + 1)));
        const pieces = async function* (): AsyncGenerator<Uint8Array> {
          for (const [at, length] of lengths.entries()) yield memory.subarray(0, length).fill(at + 1);
        };
        const chunks: Buffer[] = [];
        for await (const chunk of joinChunks(pieces())) chunks.push(Buffer.from(chunk));
        assert.deepEqual(Buffer.concat(chunks), expected);
        assert.ok(chunks.every((chunk) => chunk.length > 0));
        const joinable = chunks.some(
          (chunk, at) => chunk.length + (chunks[at + 1]?.length ?? Infinity) <= LARGEST_JOINED,
        );
        assert.equal(joinable, false);
      }),
      { numRuns: runs(60) },
    );
  });
});

import assert from 'node:assert/strict';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { openDeflateLane } from '../../src/oci/deflate-lane.ts';
import { runs } from '../support/runs.ts';
import { noise } from '../support/staged-image.ts';

const BLOCK_BYTES = 512 * 1024;
const LAST_BLOCK = Buffer.from([0x03, 0x00]);

async function packed(blocks: readonly Uint8Array[]): Promise<readonly Buffer[]> {
  using lane = openDeflateLane(4, BLOCK_BYTES);
  const results: Buffer[] = [];
  for (const block of blocks) {
    lane.block.set(block);
    lane.begin(block.length);
    results.push(Buffer.from((await lane.taken()) ?? []));
  }
  return results;
}

function inflated(deflate: Uint8Array): Buffer {
  return inflateRawSync(Buffer.concat([deflate, LAST_BLOCK]));
}

/** Noise with a stretch that repeats itself. */
const block = fc
  .record({
    seed: fc.integer({ min: 1, max: 1_000 }),
    length: fc.integer({ min: 1, max: BLOCK_BYTES }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ seed, length, share }) =>
    Buffer.from(noise(seed, length)).fill('abcdefgh', Math.floor(length * share)),
  );

describe('openDeflateLane', () => {
  it('packs each block whole and for itself, and the same blocks in the same way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(block, { minLength: 1, maxLength: 4 }), async (blocks) => {
        const results = await packed(blocks);
        for (const [at, bytes] of blocks.entries())
          assert.ok(inflated(results[at] ?? Buffer.alloc(0)).equals(bytes), `block ${at}`);
        const again = await packed(blocks);
        assert.deepEqual(
          again.map((result, at) => result.equals(results[at] ?? Buffer.alloc(0))),
          blocks.map(() => true),
        );
      }),
      { numRuns: runs(40) },
    );
  });

  it('packs a block whole whose result ends where a chunk of zlib does', async () => {
    const ahead = noise(1, 1_000);
    // Noise takes some bytes more than it has, a chunk 131,072.
    for (let length = 131_000; length < 131_040; length++) {
      const blocks = [ahead, noise(2, length)];
      const results = await packed(blocks);
      assert.deepEqual(
        results.map((result, at) => inflated(result).equals(blocks[at] ?? result)),
        [true, true],
        `${length} bytes`,
      );
    }
  });

  it('has room for blocks that do not compress', async () => {
    const blocks = [noise(1, BLOCK_BYTES), noise(2, BLOCK_BYTES)];
    const results = await packed(blocks);
    assert.deepEqual(
      results.map(inflated).map((bytes, at) => bytes.equals(blocks[at] ?? bytes)),
      [true, true],
    );
  });

  it('gives a result once', async () => {
    using lane = openDeflateLane(4, BLOCK_BYTES);
    assert.equal(await lane.taken(), undefined);
    lane.block.fill('a');
    lane.begin(10);
    assert.equal(inflated((await lane.taken()) ?? new Uint8Array()).toString(), 'a'.repeat(10));
    assert.equal(await lane.taken(), undefined);
  });
});

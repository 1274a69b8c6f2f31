import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { digestOf } from '../../src/oci/digest.ts';
import { gzipLayer, type GzipResult } from '../../src/oci/gzip-layer.ts';
import { chunks, noise, testSignal } from '../support/staged-image.ts';
import { runs } from '../support/runs.ts';

async function compress(tar: AsyncIterable<Uint8Array>): Promise<GzipResult & { readonly stored: Buffer }> {
  const pieces: Uint8Array[] = [];
  const write = async (piece: Uint8Array): Promise<void> => void pieces.push(Uint8Array.from(piece));
  return { ...(await gzipLayer(tar, write, testSignal())), stored: Buffer.concat(pieces) };
}

describe('gzipLayer', () => {
  it('gives back the tar, its diff ID, and digest and size of what was stored, however the tar is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3_000 }),
        fc.integer({ min: 1, max: 700 }),
        async (tar, size) => {
          const { stored, digest, diffId, size: bytes } = await compress(chunks(tar, size));
          assert.deepEqual(gunzipSync(stored), Buffer.from(tar));
          assert.deepEqual([digest, diffId, bytes], [digestOf(stored), digestOf(tar), stored.length]);
          assert.deepEqual((await compress(chunks(tar, 64))).stored, stored);
        },
      ),
      { numRuns: runs(60) },
    );
  });

  it('writes a header without time, name and platform', async () => {
    const { stored } = await compress(chunks(noise(1, 300_000)));
    assert.deepEqual([...stored.subarray(0, 8)], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    assert.equal(stored[9], 255);
  });

  it('asks for no more of the tar than it can write', async () => {
    let given = 0;
    const tar = (async function* () {
      for (; given < 400; given++) yield noise(given + 1, 64 * 1024);
    })();
    let most = 0;
    let written = 0;
    const write = async (piece: Uint8Array): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      written += piece.byteLength;
      most = Math.max(most, given * 64 * 1024 - written);
    };
    await gzipLayer(tar, write, testSignal());
    assert.equal(given, 400);
    assert.ok(most < 4 * 1024 * 1024, `${most} bytes were waiting`);
  });

  it('throws what the tar and the writer throw, and ends the tar', async () => {
    let ended = false;
    const endless = async function* () {
      try {
        for (;;) yield noise(7, 100_000);
      } finally {
        ended = true;
      }
    };
    const failing = async (): Promise<void> => {
      throw new Error('disk full');
    };
    await assert.rejects(gzipLayer(endless(), failing, testSignal()), /disk full/);
    assert.equal(ended, true);
    const broken = (async function* () {
      yield noise(1, 1_000);
      throw new Error('tar broke off');
    })();
    await assert.rejects(compress(broken), /tar broke off/);
  });

  it('stops when the signal aborts', async () => {
    const controller = new AbortController();
    const endless = async function* () {
      for (;;) {
        yield noise(7, 100_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const write = async (): Promise<void> => controller.abort();
    await assert.rejects(gzipLayer(endless(), write, controller.signal), { name: 'AbortError' });
  });
});

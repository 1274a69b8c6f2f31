import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createInflateRaw, gunzipSync } from 'node:zlib';
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

const BLOCK = 512 * 1024;

/** Bytes that compress, other ones all along. */
function textual(length: number): Buffer {
  const bytes = Buffer.from(noise(9, length));
  for (let at = 0; at < length; at += 3) bytes[at] = 0x20;
  return bytes;
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

  it('writes one member, however many blocks that takes', async () => {
    const lengths = [BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 5 * BLOCK + 77];
    for (const length of lengths) {
      const tar = textual(length);
      const { stored, digest, diffId } = await compress(chunks(tar, 100_003));
      const unzip = spawnSync('gzip', ['--decompress', '--stdout'], { input: stored, maxBuffer: 2 * length });
      assert.equal(unzip.status, 0, unzip.stderr.toString());
      assert.ok(unzip.stdout.equals(tar), `${length} bytes`);
      // Nothing follows the first member.
      const rest = createInflateRaw();
      rest.end(stored.subarray(10));
      await buffer(rest);
      assert.equal(rest.bytesWritten, stored.length - 18);
      assert.deepEqual([digest, diffId], [digestOf(stored), digestOf(tar)]);
    }
  });

  it('gives the same bytes, however busy the machine is', async () => {
    const tar = textual(6 * BLOCK);
    const alone = await compress(chunks(tar));
    const beside = await Promise.all(Array.from({ length: 4 }, async () => await compress(chunks(tar))));
    for (const { stored } of beside) assert.ok(stored.equals(alone.stored));
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
    let written = 0;
    const failing = async (): Promise<void> => {
      if (++written === 4) throw new Error('disk full');
    };
    await assert.rejects(gzipLayer(endless(), failing, testSignal()), /disk full/);
    assert.equal(ended, true);
    const broken = (async function* () {
      yield noise(1, 1_000);
      throw new Error('tar broke off');
    })();
    await assert.rejects(compress(broken), /tar broke off/);
    const untidy = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false as const, value: noise(3, 100_000) }),
        return: async () => {
          throw new Error('untidy');
        },
      }),
    };
    written = 0;
    await assert.rejects(gzipLayer(untidy, failing, testSignal()), /disk full/);
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

  it('stops a tar that trickles, however little has come', async () => {
    const signal = AbortSignal.timeout(30);
    let ended = false;
    const trickling = (async function* () {
      try {
        for (;;) {
          await sleep(5);
          yield noise(7, 100);
        }
      } finally {
        ended = true;
      }
    })();
    await assert.rejects(
      gzipLayer(trickling, async () => {}, signal),
      { name: 'TimeoutError' },
    );
    assert.equal(ended, true);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { linesOf } from '../../src/kernel/lines.ts';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const read = async (text: string, size: number): Promise<string[]> =>
  Array.fromAsync(linesOf(inChunks(Buffer.from(text), size)));

describe('linesOf', () => {
  it('splits at LF, CRLF and CR', async () => {
    assert.deepEqual(await read('a\nb\r\nc\rd', 100), ['a', 'b', 'c', 'd']);
  });

  it('gives the same lines whatever the chunks are', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'ü', '€', '𝄞', ' ') });
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 7 }), async (lines, size) => {
        const text = lines.map((each) => `${each}\n`).join('');
        assert.deepEqual(await read(text, size), lines);
      }),
    );
  });

  it('does not take a CRLF that is cut in two for two line ends', async () => {
    assert.deepEqual(await read('a\r\nb', 2), ['a', 'b']);
  });

  it('cuts a line that would never end', async () => {
    const lines = await read('x'.repeat(40_000), 1000);
    assert.ok(lines.length >= 3 && lines.every((line) => line.length <= 16_384));
    assert.equal(lines.join('').length, 40_000);
  });

  it('masks what is cut before it is cut', async () => {
    const secret = 'a-secret-token';
    const mask = (text: string): string => text.replaceAll(secret, '****');
    const ends = fc.constantFrom('', '\n');
    const before = fc.integer({ min: 16_384 - 2 * secret.length, max: 16_384 + secret.length });
    await fc.assert(
      fc.asyncProperty(before, fc.integer({ min: 500, max: 20_000 }), ends, async (count, size, end) => {
        const text = `${'x'.repeat(count)}${secret}${'y'.repeat(30_000)}${end}`;
        const lines = await Array.fromAsync(linesOf(inChunks(Buffer.from(text), size), mask));
        assert.ok(lines.every((line) => line.length <= 16_384));
        assert.equal(lines.join(''), mask(text.trimEnd()));
      }),
      { numRuns: 30 },
    );
  });
});

import assert from 'node:assert/strict';
import { boundedText } from '../../src/kernel/bounded-text.ts';

const signal = new AbortController().signal;

/** A body of `chunks` that never ends, and tells when nobody wants it any more. */
function endless(chunks: readonly Uint8Array[]): {
  readonly response: Response;
  readonly cancelled: Promise<void>;
} {
  const { promise, resolve } = Promise.withResolvers<void>();
  const left = [...chunks];
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const chunk = left.shift();
      if (chunk !== undefined) controller.enqueue(chunk);
      // Otherwise nothing comes any more, and no end either.
      return chunk === undefined ? new Promise(() => {}) : undefined;
    },
    cancel: () => resolve(),
  });
  return { response: new Response(body), cancelled: promise };
}

describe('bounded text', () => {
  it('is the whole of a small body', async () => {
    assert.equal(await boundedText(new Response('schön'), { signal }), 'schön');
    assert.equal(await boundedText(new Response(null), { signal }), '');
  });

  it('ends after 64 KiB, and lets go of the rest', async () => {
    const { response, cancelled } = endless(
      Array.from({ length: 9 }, () => new Uint8Array(10_000).fill(0x61)),
    );
    const text = await boundedText(response, { signal });
    assert.equal(text.length, 64 * 1024);
    await cancelled;
  });

  it('ends when the time is up, with what came until then', async () => {
    const { response, cancelled } = endless([Buffer.from('half a page')]);
    assert.equal(await boundedText(response, { signal, longestMs: 50 }), 'half a page');
    await cancelled;
  });

  it('ends when it is told to', async () => {
    const { response, cancelled } = endless([]);
    assert.equal(await boundedText(response, { signal: AbortSignal.abort() }), '');
    await cancelled;
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { demultiplexed, type Channel } from '../../../src/adapters/engine/multiplexed.ts';
import { streamOf } from '../../support/engine.ts';
import { cut, frame } from './frames.ts';

const channel = fc.constantFrom<Channel>('stdout', 'stderr');
const frames = fc.array(fc.record({ channel, bytes: fc.uint8Array({ maxLength: 40 }) }), { maxLength: 30 });

async function outputsOf(chunks: AsyncIterable<Uint8Array>): Promise<Record<Channel, Buffer>> {
  const pieces = await Array.fromAsync(demultiplexed(chunks));
  const joined = (wanted: Channel): Buffer =>
    Buffer.concat(pieces.filter(({ channel }) => channel === wanted).map(({ bytes }) => bytes));
  return { stdout: joined('stdout'), stderr: joined('stderr') };
}

describe('demultiplexed', () => {
  it('gives each channel its bytes in order, however the stream is cut into chunks', async () => {
    const cuts = fc.array(fc.nat(12), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(frames, cuts, async (written, lengths) => {
        const stream = Buffer.concat(written.map(({ channel, bytes }) => frame(channel, bytes)));
        const read = await outputsOf(streamOf(...cut(stream, lengths)));
        for (const channel of ['stdout', 'stderr'] as const) {
          const own = written.filter((each) => each.channel === channel).map(({ bytes }) => bytes);
          assert.deepEqual(read[channel], Buffer.concat(own));
        }
      }),
    );
  });

  it('keeps the order between the channels', async () => {
    await fc.assert(
      fc.asyncProperty(frames, async (written) => {
        const stream = Buffer.concat(written.map(({ channel, bytes }) => frame(channel, bytes)));
        const pieces = await Array.fromAsync(demultiplexed(streamOf(stream)));
        const full = written.filter(({ bytes }) => bytes.length > 0);
        assert.deepEqual(
          pieces.map((piece) => ({ channel: piece.channel, bytes: new Uint8Array(piece.bytes) })),
          full.map(({ channel, bytes }) => ({ channel, bytes: new Uint8Array(bytes) })),
        );
      }),
    );
  });

  it('fails where the stream ends within a frame', async () => {
    const whole = Buffer.concat([frame('stdout', Buffer.from('one')), frame('stderr', Buffer.from('two'))]);
    const borders = new Set([0, 11, 22]);
    for (let length = 0; length <= whole.length; length++) {
      const reading = outputsOf(streamOf(whole.subarray(0, length)));
      if (borders.has(length)) await reading;
      else await assert.rejects(reading, /ended within a frame/, String(length));
    }
  });

  it('takes 100,000 short frames in one chunk', async () => {
    const short = frame('stdout', Buffer.from('x'));
    const { stdout } = await outputsOf(streamOf(Buffer.concat(Array<Uint8Array>(100_000).fill(short))));
    assert.equal(stdout.length, 100_000);
  });

  it('hands on a long frame before it is complete', async () => {
    const header = frame('stdout', Buffer.alloc(1000)).subarray(0, 8);
    const never = async function* (): AsyncGenerator<Uint8Array> {
      yield header;
      yield Buffer.from('first');
      assert.fail('it read on');
    };
    const reader = demultiplexed(never());
    assert.deepEqual((await reader.next()).value, { channel: 'stdout', bytes: Buffer.from('first') });
    await reader.return(undefined);
  });

  it('counts the echo of an input as output', async () => {
    const stream = frame('stdout', Buffer.from('echo'));
    stream[0] = 0;
    assert.equal((await outputsOf(streamOf(stream))).stdout.toString(), 'echo');
  });

  it('throws what the engine says on the fourth channel', async () => {
    const said = frame('stdout', Buffer.from('the log driver gave up\n'));
    said[0] = 3;
    await assert.rejects(outputsOf(streamOf(said)), { message: 'the log driver gave up' });
  });

  it('refuses a stream without frames', async () => {
    await assert.rejects(outputsOf(streamOf(Buffer.from('plain text of a terminal'))), /has no frames/);
  });
});

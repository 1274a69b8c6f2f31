import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import type { Channel, Piece } from '../../../src/adapters/engine/multiplexed.ts';
import { splitChannels } from '../../../src/adapters/engine/split-channels.ts';

const MEBIBYTE = 1024 * 1024;

async function* piecesOf(pieces: Iterable<Piece>): AsyncGenerator<Piece> {
  yield* pieces;
}

function pieceOf(channel: Channel, text: string): Piece {
  return { channel, bytes: Buffer.from(text) };
}

function* megabytes(channel: Channel, count: number): Generator<Piece> {
  for (let left = count; left > 0; left--) yield { channel, bytes: Buffer.alloc(MEBIBYTE) };
}

async function lengthOf(chunks: AsyncIterable<Uint8Array>, pause: () => Promise<void>): Promise<number> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    await pause();
  }
  return length;
}

const atOnce = async (): Promise<void> => {};
const slowly = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns++) await turn();
};

describe('splitChannels', () => {
  it('gives both readers all of their bytes, whoever is slower', async () => {
    const channel = fc.constantFrom<Channel>('stdout', 'stderr');
    const pieces = fc.array(fc.record({ channel, bytes: fc.uint8Array({ minLength: 1, maxLength: 9 }) }));
    await fc.assert(
      fc.asyncProperty(pieces, fc.scheduler(), async (all, scheduler) => {
        const { stdout, stderr, ended } = splitChannels(piecesOf(all));
        const reading = Promise.all(
          [stdout, stderr].map(async (stream) => {
            const read: Uint8Array[] = [];
            for await (const chunk of stream) {
              read.push(chunk);
              await scheduler.schedule(Promise.resolve());
            }
            return Buffer.concat(read);
          }),
        );
        const [out, err] = await scheduler.waitFor(reading);
        await ended;
        const of = (wanted: Channel): Buffer =>
          Buffer.concat(all.filter(({ channel }) => channel === wanted).map(({ bytes }) => bytes));
        assert.deepEqual([out, err], [of('stdout'), of('stderr')]);
      }),
    );
  });

  it('lets one be read after the other while what waits is small', async () => {
    const { stdout, stderr, ended } = splitChannels(
      piecesOf([pieceOf('stderr', 'a'), pieceOf('stdout', 'b'), pieceOf('stderr', 'c')]),
    );
    assert.equal(Buffer.concat(await Array.fromAsync(stdout)).toString(), 'b');
    assert.equal(Buffer.concat(await Array.fromAsync(stderr)).toString(), 'ac');
    await ended;
  });

  it('holds the stream back for a slow reader, within bounds', async () => {
    let handed = 0;
    const counted = async function* (): AsyncGenerator<Piece> {
      for (const piece of megabytes('stderr', 32)) {
        handed++;
        yield piece;
      }
    };
    const { stdout, stderr } = splitChannels(counted());
    let taken = 0;
    const slow = lengthOf(stderr, async () => {
      taken++;
      await slowly();
      assert.ok(handed - taken <= 8, `${handed - taken} pieces wait`);
    });
    assert.deepEqual(await Promise.all([lengthOf(stdout, atOnce), slow]), [0, 32 * MEBIBYTE]);
  });

  it('fails rather than waits for a reader that never came', async () => {
    const { stdout, ended } = splitChannels(piecesOf(megabytes('stderr', 8)));
    await assert.rejects(lengthOf(stdout, atOnce), /nobody reads stderr/);
    await assert.rejects(ended, /nobody reads stderr/);
  });

  it('throws away what a reader who left would have got', async () => {
    const pieces = [...megabytes('stderr', 32), pieceOf('stdout', 'end')];
    const { stdout, stderr, ended } = splitChannels(piecesOf(pieces));
    for await (const chunk of stderr) {
      assert.equal(chunk.length, MEBIBYTE);
      break;
    }
    assert.equal(await lengthOf(stdout, atOnce), 3);
    await ended;
  });

  it('frees a reader who waits for one that leaves', async () => {
    const { stdout, stderr } = splitChannels(
      piecesOf([...megabytes('stderr', 32), pieceOf('stdout', 'end')]),
    );
    const reading = lengthOf(stdout, atOnce);
    for await (const chunk of stderr) {
      assert.equal(chunk.length, MEBIBYTE);
      await slowly();
      break;
    }
    assert.equal(await reading, 3);
  });

  it('ends the source when both readers have left', async () => {
    let ended = false;
    const source = async function* (): AsyncGenerator<Piece> {
      try {
        for (;;) yield* [pieceOf('stdout', 'x'), pieceOf('stderr', 'y')];
      } finally {
        ended = true;
      }
    };
    const split = splitChannels(source());
    for (const stream of [split.stdout, split.stderr]) {
      for await (const chunk of stream) {
        assert.equal(chunk.length, 1);
        break;
      }
    }
    await split.ended;
    assert.ok(ended);
  });

  it('gives a failure to both readers, after what came before it, and never passes for whole', async () => {
    const broken = new Error('the engine went away');
    const source = async function* (): AsyncGenerator<Piece> {
      yield* [pieceOf('stderr', 'before'), pieceOf('stdout', 'before')];
      throw broken;
    };
    const { stdout, stderr, ended } = splitChannels(source());
    await assert.rejects(lengthOf(stdout, atOnce), broken);
    const late: string[] = [];
    await assert.rejects(async () => {
      for await (const chunk of stderr) late.push(Buffer.from(chunk).toString());
    }, broken);
    assert.deepEqual(late, ['before']);
    await assert.rejects(ended, broken);
  });
});

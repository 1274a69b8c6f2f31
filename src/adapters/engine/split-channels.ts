import type { Channel, Piece } from './multiplexed.ts';

/** What may wait for the slower of two readers, in bytes. */
const WAITING_BYTES = 4 * 1024 * 1024;

/** What a waiting piece costs beside its bytes. */
const PIECE_BYTES = 256;

export interface SplitChannels {
  readonly stdout: AsyncIterable<Uint8Array>;
  readonly stderr: AsyncIterable<Uint8Array>;
  /** Resolves when both have been read (or given up), rejects when reading failed. */
  readonly ended: Promise<void>;
}

/** One of the two streams: what waits for its reader, and whether there is one. */
interface Lane {
  readonly waiting: Uint8Array[];
  waitingBytes: number;
  reader: 'awaited' | 'reading' | 'gone';
  /** Wakes whoever holds pieces back until this lane has room. */
  roomMade: PromiseWithResolvers<void> | undefined;
}

/**
 * Splits one stream of pieces into its two channels, each of which is read once. Whichever reader wants more reads on;
 * what belongs to the other waits for it, up to 4 MiB, beyond which the stream is held back until the slower reader
 * has caught up (so the program in the container blocks on its pipe). A channel that is full before anyone began to
 * read it breaks the stream with an error, because waiting for a reader that comes later would be a deadlock.
 * When both readers have left early, `pieces` is returned.
 */
export function splitChannels(pieces: AsyncGenerator<Piece>): SplitChannels {
  const lanes = { stdout: emptyLane(), stderr: emptyLane() };
  const ended = Promise.withResolvers<void>();
  // Whoever only reads the streams learns of a failure there.
  ended.promise.catch(() => {});
  let step: Promise<boolean> | undefined;
  let broken: { readonly thrown: unknown } | undefined;

  /** Moves one piece into its lane; false when there are no more. Two readers share the step that is under way. */
  const advance = async (): Promise<boolean> => {
    // A generator that has thrown says "done" from then on, which would pass for a whole stream.
    if (broken !== undefined) throw broken.thrown;
    step ??= moveOne(pieces, lanes).finally(() => (step = undefined));
    return step;
  };
  const leave = async (lane: Lane): Promise<void> => {
    lane.reader = 'gone';
    lane.waiting.length = 0;
    lane.roomMade?.resolve();
    if (lanes.stdout.reader !== 'gone' || lanes.stderr.reader !== 'gone') return;
    await pieces.return(undefined);
    ended.resolve();
  };
  const read = async function* (lane: Lane): AsyncGenerator<Uint8Array> {
    lane.reader = 'reading';
    try {
      for (;;) {
        const piece = take(lane);
        if (piece !== undefined) yield piece;
        else if (!(await advance())) return;
      }
    } catch (thrown) {
      broken ??= { thrown };
      ended.reject(thrown);
      throw thrown;
    } finally {
      await leave(lane);
    }
  };
  return { stdout: read(lanes.stdout), stderr: read(lanes.stderr), ended: ended.promise };
}

function emptyLane(): Lane {
  return { waiting: [], waitingBytes: 0, reader: 'awaited', roomMade: undefined };
}

async function moveOne(
  pieces: AsyncGenerator<Piece>,
  lanes: Readonly<Record<Channel, Lane>>,
): Promise<boolean> {
  const next = await pieces.next();
  if (next.done === true) return false;
  const { channel, bytes } = next.value;
  const lane = lanes[channel];
  if (lane.reader !== 'gone' && lane.waitingBytes > WAITING_BYTES) await roomIn(lane, channel);
  if (lane.reader === 'gone') return true;
  // A short piece is copied: it would keep the whole chunk that it is a view of.
  const kept = bytes.length * 2 < bytes.buffer.byteLength ? new Uint8Array(bytes) : bytes;
  lane.waiting.push(kept);
  lane.waitingBytes += kept.length + PIECE_BYTES;
  return true;
}

async function roomIn(lane: Lane, channel: Channel): Promise<void> {
  if (lane.reader === 'awaited')
    throw new Error(`nobody reads ${channel}, and ${WAITING_BYTES} bytes of it wait already`);
  lane.roomMade = Promise.withResolvers();
  await lane.roomMade.promise;
}

function take(lane: Lane): Uint8Array | undefined {
  const piece = lane.waiting.shift();
  if (piece === undefined) return undefined;
  lane.waitingBytes -= piece.length + PIECE_BYTES;
  if (lane.waitingBytes <= WAITING_BYTES) {
    lane.roomMade?.resolve();
    lane.roomMade = undefined;
  }
  return piece;
}

/** Whose output a piece is. */
export type Channel = 'stdout' | 'stderr';

export interface Piece {
  readonly channel: Channel;
  readonly bytes: Uint8Array;
}

const HEADER_BYTES = 8;
const CHANNELS: readonly Channel[] = ['stdout', 'stdout', 'stderr'];
const ENGINE_ERROR = 3;

/**
 * Takes the stream apart in which the engine sends the outputs of a container without terminal: frames of a header
 * (channel, three zero bytes, big-endian length) and their payload (Engine API, "Stream format"). A frame is handed on
 * in the pieces in which it arrives, as views of the chunks: nothing is gathered, however long or short frames are
 * (docker-modem's own recurses on many short ones and is quadratic on long ones).
 * Throws `Error` where the stream is no such stream, ends within a frame, or carries a failure of the engine.
 */
export async function* demultiplexed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  const header = Buffer.alloc(HEADER_BYTES);
  let headerFilled = 0;
  let payloadLeft = 0;
  let failure: Uint8Array[] | undefined;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      if (payloadLeft === 0) {
        const taken = Math.min(HEADER_BYTES - headerFilled, chunk.length - at);
        header.set(chunk.subarray(at, at + taken), headerFilled);
        headerFilled += taken;
        at += taken;
        if (headerFilled < HEADER_BYTES) continue;
        payloadLeft = payloadLengthOf(header);
        if (payloadLeft === 0) headerFilled = 0;
        continue;
      }
      const bytes = chunk.subarray(at, at + payloadLeft);
      at += bytes.length;
      payloadLeft -= bytes.length;
      if (payloadLeft === 0) headerFilled = 0;
      if (header[0] === ENGINE_ERROR) (failure ??= []).push(bytes);
      else yield { channel: channelOf(header), bytes };
    }
  }
  if (failure !== undefined) throw new Error(Buffer.concat(failure).toString().trim());
  if (headerFilled > 0) throw new Error('the stream of outputs ended within a frame');
}

function payloadLengthOf(header: Buffer): number {
  const isHeader = (header[0] ?? 0) <= ENGINE_ERROR && header[1] === 0 && header[2] === 0 && header[3] === 0;
  if (!isHeader) throw new Error('the stream of outputs has no frames');
  return header.readUInt32BE(4);
}

function channelOf(header: Buffer): Channel {
  return CHANNELS[header[0] ?? 0] ?? 'stdout';
}

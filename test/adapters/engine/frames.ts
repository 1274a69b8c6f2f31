import type { Channel } from '../../../src/adapters/engine/multiplexed.ts';

/** One frame of the engine's stream of outputs. */
export function frame(channel: Channel, bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(channel === 'stdout' ? 1 : 2, 0);
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

/** Cuts bytes into chunks of these lengths, again and again; a length of 0 gives an empty chunk. */
export function cut(bytes: Uint8Array, lengths: readonly number[]): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const usable = lengths.some((length) => length > 0) ? lengths : [1];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const chunk = bytes.subarray(at, at + (usable[turn % usable.length] ?? 1));
    chunks.push(chunk);
    at += chunk.length;
  }
  return chunks;
}

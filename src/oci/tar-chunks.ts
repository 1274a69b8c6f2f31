const CHUNK_BYTES = 64 * 1024;

/**
 * Joins small pieces of a byte stream into chunks of 64 KiB and lets large ones through, so that compressors and
 * sockets aren't called for each header. A piece is copied before the next is asked for, so its memory may be reused.
 */
export async function* joinChunks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let filled = 0;
  for await (const piece of pieces) {
    if (filled > 0 && filled + piece.length > CHUNK_BYTES) {
      yield chunk.subarray(0, filled);
      chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      filled = 0;
    }
    if (piece.length >= CHUNK_BYTES) {
      yield piece;
      continue;
    }
    chunk.set(piece, filled);
    filled += piece.length;
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}

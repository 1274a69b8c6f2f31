/** A stream of bytes that is read in the portions a format asks for. */
export interface BytePortions extends AsyncDisposable {
  /** The next `count` bytes; fewer only where the stream ends before. The bytes are the caller's to keep. */
  take(count: number): Promise<Buffer>;
  /** The next piece as it came, of `most` bytes at most; empty at the end of the stream. */
  piece(most: number): Promise<Buffer>;
}

/** Reads a stream portion by portion; memory is that of one piece and one portion. Throws what the stream throws. */
export function portionsOf(stream: AsyncIterable<Uint8Array>): BytePortions {
  const source = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const piece = async (most: number): Promise<Buffer> => {
    while (rest.length === 0) {
      const { done, value } = await source.next();
      if (done === true) return rest;
      rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
    const head = rest.subarray(0, most);
    rest = rest.subarray(head.length);
    return head;
  };
  const take = async (count: number): Promise<Buffer> => {
    const portion = Buffer.allocUnsafe(count);
    let filled = 0;
    while (filled < count) {
      const head = await piece(count - filled);
      if (head.length === 0) return portion.subarray(0, filled);
      filled += head.copy(portion, filled);
    }
    return portion;
  };
  return {
    take,
    piece,
    async [Symbol.asyncDispose]() {
      await source.return?.();
    },
  };
}

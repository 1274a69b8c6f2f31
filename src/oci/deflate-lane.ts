import { constants, createDeflateRaw } from 'node:zlib';

/** Compresses blocks one after the other, on a thread of its own while it has one. */
export interface DeflateLane extends Disposable {
  /** Where the next block is put; not to be touched until {@link taken} has given the result. */
  readonly block: Buffer;
  /** Begins to compress the first `length` bytes of the block, one at least. */
  begin(length: number): void;
  /** What the block that was begun last became, once; `undefined` where there is none. Throws what zlib throws. */
  taken(): Promise<Uint8Array | undefined>;
}

const CHUNK_BYTES = 128 * 1024;

/**
 * Opens a lane whose results are raw deflate (RFC 1951) that ends on a byte and is not the last of its stream. What a
 * block becomes refers to nothing before it. Its bytes depend on the level and on the blocks that this lane has had,
 * never on time: where a result ends at the border of a chunk, zlib says once more that it does.
 */
export function openDeflateLane(level: number, blockBytes: number): DeflateLane {
  const block = Buffer.allocUnsafeSlow(blockBytes);
  // Nobody reads before a block is done, so there must be room for one that does not compress.
  const options = { level, chunkSize: CHUNK_BYTES, readableHighWaterMark: 2 * blockBytes + CHUNK_BYTES };
  const deflate = createDeflateRaw(options);
  let packing: Promise<Uint8Array> | undefined;
  return {
    block,
    begin(length) {
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
      // Whoever gives up on the whole never takes it.
      promise.catch(() => undefined);
      packing = promise;
      deflate.once('error', reject);
      deflate.write(block.subarray(0, length));
      deflate.flush(constants.Z_FULL_FLUSH, () => {
        deflate.off('error', reject);
        // It comes as well for a lane that is closed meanwhile.
        const packed: unknown = deflate.read();
        if (packed instanceof Uint8Array) resolve(packed);
        else reject(new Error('zlib gave nothing for a block'));
      });
    },
    async taken() {
      const packed = await packing;
      packing = undefined;
      return packed;
    },
    [Symbol.dispose]: () => void deflate.destroy(),
  };
}

import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/** How the bytes of a layer are stored. */
export type LayerCoding = 'tar' | 'gzip' | 'zstd';

/** So many bytes tell a layer from anything else: a tar's first header. */
export const CODING_BYTES = 512;

const USTAR_OFFSET = 257;

/** The coding of a layer that begins with `start` (its first 512 bytes); `undefined` for what is no layer. */
export function layerCodingOf(start: Uint8Array): LayerCoding | undefined {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (bytes.length >= 4 && bytes.readUInt32LE(0) === 0xfd2fb528) return 'zstd';
  const isTar = bytes.subarray(USTAR_OFFSET, USTAR_OFFSET + 5).toString('latin1') === 'ustar';
  const isEmptyTar = bytes.length === CODING_BYTES && bytes.every((byte) => byte === 0);
  return isTar || isEmptyTar ? 'tar' : undefined;
}

/** The tar inside a layer's stored bytes, piece by piece. Throws an `Error` for bytes that are damaged or cut off. */
export function unpacked(stored: AsyncIterable<Uint8Array>, coding: LayerCoding): AsyncIterable<Uint8Array> {
  if (coding === 'tar') return stored;
  return through(stored, coding === 'gzip' ? createGunzip() : createZstdDecompress());
}

async function* through(source: AsyncIterable<Uint8Array>, transform: Transform): AsyncGenerator<Uint8Array> {
  const feeding = pipeline(Readable.from(source, { objectMode: false }), transform);
  feeding.catch(() => undefined);
  try {
    yield* transform;
    await feeding;
  } finally {
    transform.destroy();
  }
}

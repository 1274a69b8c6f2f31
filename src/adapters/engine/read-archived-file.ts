import { TAR_BLOCK, tarPaddingOf } from '../../oci/tar-header.ts';

/** A file that the engine gives out may have at most this many bytes. */
const MOST_BYTES = 64 * 1024 * 1024;

const REGULAR: ReadonlySet<string> = new Set(['0', '\0']);

/** Headers that only tell more about the entry that follows (POSIX pax, GNU long names). */
const EXTENSION: ReadonlySet<string> = new Set(['x', 'g', 'L', 'K']);

/**
 * The content of the first entry of a tar if that is a regular file, else `undefined`. Reads no further than it must.
 * Throws `RangeError` for a file of more than 64 MiB or a tar that is cut off.
 */
export async function readArchivedFile(tar: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  await using source = createByteSource(tar);
  for (;;) {
    const header = Buffer.from(await source.take(TAR_BLOCK));
    const type = header.toString('latin1', 156, 157);
    const size = Number.parseInt(header.toString('latin1', 124, 136), 8);
    if (!REGULAR.has(type) && !EXTENSION.has(type)) return undefined;
    if (!(size <= MOST_BYTES)) throw new RangeError(`a file of more than ${MOST_BYTES} bytes`);
    const content = await source.take(size);
    if (REGULAR.has(type)) return content;
    await source.take(tarPaddingOf(size));
  }
}

interface ByteSource extends AsyncDisposable {
  take(count: number): Promise<Uint8Array>;
}

/** Reads exact counts from a stream of chunks; disposing of it ends the stream. */
function createByteSource(chunks: AsyncIterable<Uint8Array>): ByteSource {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  return {
    async take(count) {
      const taken = [rest];
      let length = rest.length;
      while (length < count) {
        const next = await iterator.next();
        if (next.done === true) throw new RangeError('the archive is cut off');
        taken.push(next.value);
        length += next.value.length;
      }
      const bytes = Buffer.concat(taken);
      rest = bytes.subarray(count);
      return bytes.subarray(0, count);
    },
    async [Symbol.asyncDispose]() {
      await iterator.return?.();
    },
  };
}

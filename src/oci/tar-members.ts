import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';

/** One member of a tar whose names are ordinary text, such as an archive of an image (not a layer). */
export interface TarMember {
  readonly path: string;
  readonly kind: 'file' | 'link' | 'other';
  /** What a link (hard or symbolic) points to, as the tar tells it. */
  readonly target: string;
  /** Content of a file; what is not read of it is skipped. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Reads a tar member by member with bounded memory; each member must be used before the next one is asked for. Throws
 * what `tar` throws, and an `Error` for bytes that are no tar or end too early. Not for layers: their names and
 * attributes need not be text, which tar-stream assumes.
 */
export async function* membersOf(
  tar: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<TarMember> {
  const unpacking = extract();
  const feeding = pipeline(Readable.from(tar, { objectMode: false }), unpacking, { signal });
  feeding.catch(() => undefined);
  try {
    for await (const entry of unpacking) {
      const { name, type, linkname } = entry.header;
      if (!isIterable(entry)) throw new TypeError('tar-stream gives no iterable content');
      yield { path: name, kind: kindOf(type), target: linkname ?? '', content: entry };
      entry.resume();
    }
    await feeding;
  } finally {
    unpacking.destroy();
  }
}

/** Every stream of tar-stream is iterable; only its types leave that out. */
function isIterable<T extends object>(stream: T): stream is T & AsyncIterable<Uint8Array> {
  return Symbol.asyncIterator in stream;
}

function kindOf(type: string | null | undefined): TarMember['kind'] {
  if (type === 'file' || type === 'contiguous-file') return 'file';
  return type === 'link' || type === 'symlink' ? 'link' : 'other';
}

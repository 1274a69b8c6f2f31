import { pack } from 'tar-stream';
import { joinChunks } from './tar-chunks.ts';
import type { TarEntry } from './tar-entry.ts';
import { checkTarEntry } from './tar-entry-check.ts';
import {
  ELEVEN_OCTAL_DIGITS,
  encodeTarHeader,
  fitsNameField,
  TAR_BLOCK,
  tarNameOf,
  tarPaddingOf,
} from './tar-header.ts';

const SIX_OCTAL_DIGITS = 0o777777;
const LAST_32_BIT_SECOND = 0x7fffffff;

/**
 * Writes a tar (POSIX.1-2017 ustar with pax headers) of the entries in the order in which they come. Equal entries give
 * equal bytes: no user names, no access or change times, no padding to records. Nothing is read before it is asked for,
 * and memory stays bounded however large a file is.
 *
 * `end: false` leaves out the two zero blocks that end a tar, so that another tar can follow.
 *
 * Throws `RangeError` for an entry that a tar can't hold, and for content that is shorter or longer than its `size`.
 */
export async function* tarOf(
  entries: AsyncIterable<TarEntry> | Iterable<TarEntry>,
  options: { readonly end?: boolean } = {},
): AsyncGenerator<Uint8Array> {
  yield* joinChunks(piecesOf(entries, options.end ?? true));
}

async function* piecesOf(
  entries: AsyncIterable<TarEntry> | Iterable<TarEntry>,
  end: boolean,
): AsyncGenerator<Uint8Array> {
  for await (const entry of entries) {
    checkTarEntry(entry);
    yield suitsTarStream(entry) ? await tarStreamHeader(entry) : encodeTarHeader(entry);
    yield* contentOf(entry);
    yield new Uint8Array(tarPaddingOf(entry.size));
  }
  if (end) yield new Uint8Array(2 * TAR_BLOCK);
}

async function* contentOf(entry: TarEntry): AsyncGenerator<Uint8Array> {
  let written = 0;
  if (entry.open !== undefined) {
    for await (const piece of entry.open()) {
      written += piece.length;
      if (written > entry.size) throw sizeMismatch(entry, `more than the ${entry.size} bytes`);
      yield piece;
    }
  }
  if (written < entry.size) throw sizeMismatch(entry, `${written} bytes instead of the ${entry.size}`);
}

function sizeMismatch(entry: TarEntry, found: string): RangeError {
  return new RangeError(
    `cannot write ${JSON.stringify(entry.path)} into a tar: it has ${found} that were promised`,
  );
}

/**
 * Whether tar-stream writes the entry truly. It cuts ids to six octal digits and times to 32 bits, replaces a mode of 0
 * by 0644, and names go through UTF-8 (https://github.com/mafintosh/tar-stream/blob/v3.2.2/headers.js).
 */
function suitsTarStream(entry: TarEntry): boolean {
  return (
    entry.mode !== 0 &&
    entry.uid <= SIX_OCTAL_DIGITS &&
    entry.gid <= SIX_OCTAL_DIGITS &&
    entry.mtime >= 0 &&
    entry.mtime <= LAST_32_BIT_SECOND &&
    entry.size <= ELEVEN_OCTAL_DIGITS &&
    fitsNameField(tarNameOf(entry)) &&
    fitsNameField(entry.target ?? '')
  );
}

/** tar-stream gives its header encoder only through a stream: one for each entry, ended once the header is out. */
async function tarStreamHeader(entry: TarEntry): Promise<Uint8Array> {
  const stream = pack();
  stream.entry({
    name: tarNameOf(entry),
    type: entry.kind,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: entry.size,
    mtime: new Date(entry.mtime * 1000),
    ...(entry.target === undefined ? {} : { linkname: entry.target }),
  });
  for await (const header of stream) if (header instanceof Uint8Array) return header;
  throw new RangeError(`cannot write ${JSON.stringify(entry.path)} into a tar: tar-stream gave no header`);
}

import { portionsOf, type BytePortions } from '../oci/byte-portions.ts';
import { isZeroBlock, readHeaderFields } from '../oci/tar-fields.ts';
import { TAR_BLOCK, tarPaddingOf } from '../oci/tar-header.ts';
import { decodePax } from '../oci/tar-pax-decode.ts';

const ATTRIBUTE = 'SCHILY.xattr.';
const EXTENDED = 'x';

/**
 * GNU tar writes `=` and `%` in the name of an extended attribute as `%3D` and `%25`, which no engine turns back
 * (tar, xheader.c, `xattr_encode_keyword`); pax itself has no way to write `=` there.
 */
const ENCODED = /%3D|%25/;

/**
 * Passes a tar of GNU tar's on, byte for byte, but for extended attributes that would come out under another name: their
 * records become comments of the same length. `refuse` is told each one's path and name, `note` the path of each member;
 * raw bytes as latin1 text.
 * Throws `RangeError` for bytes that are no tar.
 */
export async function* withoutOddAttributes(
  tar: AsyncIterable<Uint8Array>,
  refuse: (path: string, name: string) => void,
  note: (path: string) => void = () => {},
): AsyncGenerator<Uint8Array> {
  await using portions = portionsOf(tar);
  let records: ReadonlyMap<string, string> = new Map();
  for (;;) {
    const header = await portions.take(TAR_BLOCK);
    yield header;
    if (header.length < TAR_BLOCK || isZeroBlock(header)) break;
    const { typeFlag, name, size } = readHeaderFields(header);
    if (typeFlag === EXTENDED) {
      const bytes = await portions.take(size + tarPaddingOf(size));
      records = decodePax(bytes.subarray(0, size));
      if (oddNames(records).length > 0) commentOut(bytes.subarray(0, size));
      yield bytes;
      continue;
    }
    const path = (records.get('path') ?? name).replace(/\/$/, '');
    note(path);
    for (const odd of oddNames(records)) refuse(path, odd);
    const stored = Number(records.get('size') ?? size);
    records = new Map();
    yield* passedOn(portions, stored + tarPaddingOf(stored));
  }
  yield* passedOn(portions, Number.POSITIVE_INFINITY);
}

function oddNames(records: ReadonlyMap<string, string>): readonly string[] {
  return [...records.keys()]
    .filter(isOdd)
    .map((keyword) => keyword.slice(ATTRIBUTE.length).replace(/%3D/g, '=').replace(/%25/g, '%'));
}

function isOdd(keyword: string): boolean {
  return keyword.startsWith(ATTRIBUTE) && ENCODED.test(keyword);
}

/** Writes over the odd ones of some pax records, in place. */
function commentOut(bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(' ', at);
    const end = at + Number(bytes.toString('latin1', at, space));
    const keyword = bytes.toString('latin1', space + 1, bytes.indexOf('=', space));
    if (isOdd(keyword)) bytes.fill(' ', space + 1, end - 1).write('comment=', space + 1, 'latin1');
    at = end;
  }
}

async function* passedOn(portions: BytePortions, count: number): AsyncGenerator<Uint8Array> {
  for (let left = count; left > 0;) {
    const piece = await portions.piece(left);
    if (piece.length === 0) return;
    left -= piece.length;
    yield piece;
  }
}

import { portionsOf, type BytePortions } from './byte-portions.ts';
import { isZeroBlock, readHeaderFields, textAt, type HeaderFields } from './tar-fields.ts';
import { TAR_BLOCK, tarPaddingOf } from './tar-header.ts';
import { decodePax } from './tar-pax-decode.ts';

/** What an entry is; `other` is what POSIX.1-2017 does not know, GNU's sparse files among it. */
export type ReadKind =
  'file' | 'hardlink' | 'symlink' | 'character-device' | 'block-device' | 'directory' | 'fifo' | 'other';

/** One entry of a tar, nothing of it decoded: texts are raw bytes as latin1. */
export interface ReadEntry {
  /** As it is stored, without the slash that ends a directory's name. */
  readonly path: string;
  readonly kind: ReadKind;
  /** The header's own byte. */
  readonly typeFlag: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since the epoch as exact decimal text, such as `-1.25`: no zeros at the end of a fraction. */
  readonly mtime: string;
  /** Bytes of {@link content}. */
  readonly size: number;
  /** Target of a link; empty for the others. */
  readonly target: string;
  readonly device: { readonly major: number; readonly minor: number };
  /**
   * Every pax record that holds for the entry, such as `SCHILY.xattr.user.note` and `SCHILY.acl.access`, and those of
   * GNU's sparse files, as they are.
   */
  readonly records: ReadonlyMap<string, string>;
  /** The stored bytes, readable once and only until the next entry is asked for. */
  readonly content: AsyncIterable<Uint8Array>;
}

const KINDS: Readonly<Record<string, ReadKind>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
};

/** Headers that only say something of the next one are read whole; what is larger is no honest header. */
const LARGEST_EXTENSION = 16 * 1024 * 1024;

const SPARSE = 'S';
const SPARSE_HEADER_CONTINUES_AT = 482;
const SPARSE_BLOCK_CONTINUES_AT = 504;

/**
 * Reads a tar entry by entry, block by block: ustar, pax records (`x`, `g`), GNU's long names (`L`, `K`) and base-256
 * numbers. Memory stays bounded; content that is not read is skipped. The stream is read to its very end, also behind
 * the zero blocks; one that ends between two entries counts as whole, as for GNU tar.
 *
 * Throws `RangeError` for bytes that are no tar or end within an entry, and what `tar` throws.
 */
export async function* readTar(tar: AsyncIterable<Uint8Array>): AsyncGenerator<ReadEntry> {
  await using portions = portionsOf(tar);
  const common = new Map<string, string>();
  for (;;) {
    const head = await readHead(portions, common);
    if (head === undefined) break;
    const content = contentOf(portions, head.size);
    yield { ...head, content: content.pieces };
    await content.skipRest();
  }
  while ((await portions.piece(Number.MAX_SAFE_INTEGER)).length > 0);
}

type Head = Omit<ReadEntry, 'content'>;

/** What the headers before an entry's own say of it. */
interface Extensions {
  readonly records: ReadonlyMap<string, string>;
  readonly longName?: string;
  readonly longTarget?: string;
}

async function readHead(portions: BytePortions, common: Map<string, string>): Promise<Head | undefined> {
  let extensions: Extensions = { records: new Map() };
  for (;;) {
    const block = await portions.take(TAR_BLOCK);
    if (block.length === 0 || isZeroBlock(block)) return undefined;
    if (block.length < TAR_BLOCK) throw endsEarly();
    const fields = readHeaderFields(block);
    if (!'xgLK'.includes(fields.typeFlag)) {
      if (fields.typeFlag === SPARSE) await skipSparseBlocks(portions, block);
      return headOf(fields, { ...extensions, records: new Map([...common, ...extensions.records]) });
    }
    const bytes = await readExtension(portions, fields.size);
    if (fields.typeFlag === 'g') for (const [keyword, value] of decodePax(bytes)) common.set(keyword, value);
    else extensions = extended(extensions, fields.typeFlag, bytes);
  }
}

function extended(extensions: Extensions, typeFlag: string, bytes: Buffer): Extensions {
  if (typeFlag === 'x') return { ...extensions, records: decodePax(bytes) };
  const text = textAt(bytes, 0, bytes.length);
  return typeFlag === 'L' ? { ...extensions, longName: text } : { ...extensions, longTarget: text };
}

async function readExtension(portions: BytePortions, size: number): Promise<Buffer> {
  if (size < 0 || size > LARGEST_EXTENSION) throw new RangeError('a header of extensions is too large');
  const bytes = await portions.take(size + tarPaddingOf(size));
  if (bytes.length < size + tarPaddingOf(size)) throw endsEarly();
  return bytes.subarray(0, size);
}

/** GNU's own sparse format goes on listing holes in blocks behind the header, which its size does not count. */
async function skipSparseBlocks(portions: BytePortions, header: Buffer): Promise<void> {
  let goesOn = header[SPARSE_HEADER_CONTINUES_AT] === 1;
  while (goesOn) {
    const block = await portions.take(TAR_BLOCK);
    if (block.length < TAR_BLOCK) throw endsEarly();
    goesOn = block[SPARSE_BLOCK_CONTINUES_AT] === 1;
  }
}

function headOf(fields: HeaderFields, { records, longName, longTarget }: Extensions): Head {
  const told = (keyword: string): string | undefined => toldBy(records, keyword);
  const name = told('path') ?? longName ?? fields.name;
  const kind = kindOf(fields.typeFlag, name);
  return {
    path: kind === 'directory' ? name.replace(/\/+$/, '') : name,
    kind,
    typeFlag: fields.typeFlag,
    mode: fields.mode,
    uid: countOf(told('uid'), fields.uid),
    gid: countOf(told('gid'), fields.gid),
    mtime: timeOf(told('mtime') ?? String(fields.mtime)),
    size: kind === 'file' || kind === 'other' ? countOf(told('size'), fields.size) : 0,
    target: isLink(kind) ? (told('linkpath') ?? longTarget ?? fields.target) : '',
    device: { major: fields.major, minor: fields.minor },
    records,
  };
}

/** An empty record takes back what a header for all entries said (POSIX.1-2017, "pax Extended Header"). */
function toldBy(records: ReadonlyMap<string, string>, keyword: string): string | undefined {
  return records.get(keyword) || undefined;
}

/** Before POSIX a slash at the end of its name told a directory. */
function kindOf(typeFlag: string, name: string): ReadKind {
  return typeFlag === '\0' && name.endsWith('/') ? 'directory' : (KINDS[typeFlag] ?? 'other');
}

function isLink(kind: ReadKind): boolean {
  return kind === 'hardlink' || kind === 'symlink';
}

function countOf(text: string | undefined, field: number): number {
  const count = text === undefined ? field : Number(text);
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError('a header holds a number that is none');
  return count;
}

function timeOf(text: string): string {
  const [, whole, fraction = ''] = /^(-?\d+)(?:\.(\d*))?$/.exec(text) ?? [];
  if (whole === undefined) throw new RangeError('a header holds a time that is none');
  const digits = fraction.replace(/0+$/, '');
  return digits === '' ? whole : `${whole}.${digits}`;
}

interface Content {
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Reads what was left, and the padding behind it. */
  skipRest(): Promise<void>;
}

function contentOf(portions: BytePortions, size: number): Content {
  let read = 0;
  const upTo = async function* (end: number): AsyncGenerator<Uint8Array> {
    for (; read < end;) {
      const piece = await portions.piece(end - read);
      if (piece.length === 0) throw endsEarly();
      read += piece.length;
      yield piece;
    }
  };
  return {
    pieces: upTo(size),
    async skipRest() {
      for await (const _ of upTo(size + tarPaddingOf(size)));
    },
  };
}

function endsEarly(): RangeError {
  return new RangeError('a tar ends in the middle of an entry');
}

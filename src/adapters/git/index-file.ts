import { createHash } from 'node:crypto';

/** How a repository names objects; the index ends with a checksum of the same kind. */
export type ObjectFormat = 'sha1' | 'sha256';

/** One entry of git's index. */
export interface IndexEntry {
  /** Raw bytes as latin1 text. */
  readonly path: string;
  /** As in a tree: 0o100644, 0o100755, 0o120000 (symlink) or 0o160000 (gitlink). */
  readonly mode: number;
  /** Size of the file as laid down, modulo 2^32; 0 for gitlinks. */
  readonly size: number;
  /** The commit of a gitlink. */
  readonly link?: string;
}

/** What an index lists, in the order of the paths' bytes. */
export interface IndexListing {
  /** Each is made anew, since 100,000 of them take four times the memory of the index. */
  entries(): Iterable<IndexEntry>;
  /** The gitlinks among them. */
  readonly links: readonly IndexEntry[];
}

/** An index in its canonical form, and what it lists. */
export interface CanonicalIndex extends IndexListing {
  readonly bytes: Uint8Array;
}

/** The mode of a gitlink: the commit of a submodule. */
export const GITLINK = 0o160000;

const HEADER_BYTES = 12;
const EXTENDED = 0x4000;
const LONG_NAME = 0xfff;
const CHECKSUM_BYTES = { sha1: 20, sha256: 32 } as const;

/** Offsets in an entry (https://git-scm.com/docs/index-format). */
const AT = { ctime: 0, mtime: 8, mode: 24, uid: 28, size: 36, id: 40 };

/** What an index in its canonical form is to hold. */
export interface IndexForm {
  readonly format: ObjectFormat;
  /** Seconds. */
  readonly mtime: number;
  /** Bytes of files that were not laid down: for others the index has them. `place` counts the entries from 0. */
  readonly sizeOf?: (path: string, place: number) => number | undefined;
}

/**
 * Gives an index (versions 2 and 3, not split) the same bytes wherever and whenever its files were laid down: all stat
 * data become 0 but the sizes and the mtimes, which become `mtime` (seconds). It is valid for files with that mtime
 * where `core.checkStat` is `minimal`. The size of a gitlink's folder, which each file system tells in its own way and git
 * never looks at, becomes 0. Of the extensions the cache tree stays, since `git status` is slower without;
 * others are caches that say how many CPUs there were.
 *
 * Throws `RangeError` for anything that is not such an index.
 */
export function canonicalIndex(index: Uint8Array, { format, mtime, sizeOf }: IndexForm): CanonicalIndex {
  const bytes = Buffer.from(index);
  const links: IndexEntry[] = [];
  const count = entryCountOf(bytes);
  let at = HEADER_BYTES;
  for (let place = 0; place < count; place++) {
    const { length, ...entry } = entryAt(bytes, at, format);
    const size = entry.link === undefined ? (sizeOf?.(entry.path, place) ?? entry.size) : 0;
    stamp(bytes, at, mtime);
    bytes.writeUInt32BE(size >>> 0, at + AT.size);
    if (entry.link !== undefined) links.push({ ...entry, size: 0 });
    at += length;
  }
  const parts = [bytes.subarray(0, at), ...keptExtensions(bytes, at, format)];
  const checksum = createHash(format);
  for (const part of parts) checksum.update(part);
  const whole = Buffer.concat([...parts, checksum.digest()]);
  return { bytes: whole, links, entries: () => entriesIn(whole, format) };
}

function* entriesIn(bytes: Buffer, format: ObjectFormat): Generator<IndexEntry> {
  let at = HEADER_BYTES;
  for (let left = entryCountOf(bytes); left > 0; left--) {
    const { length, ...entry } = entryAt(bytes, at, format);
    yield entry;
    at += length;
  }
}

function entryCountOf(bytes: Buffer): number {
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, 4) !== 'DIRC')
    throw new RangeError('not a git index');
  const version = bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3)
    throw new RangeError(`a git index of version ${version} is not supported`);
  return bytes.readUInt32BE(8);
}

function entryAt(bytes: Buffer, at: number, format: ObjectFormat): IndexEntry & { readonly length: number } {
  const flagsAt = at + AT.id + CHECKSUM_BYTES[format];
  if (flagsAt + 2 > bytes.length) throw new RangeError('the git index ends within an entry');
  const flags = bytes.readUInt16BE(flagsAt);
  const nameAt = flagsAt + ((flags & EXTENDED) === 0 ? 2 : 4);
  const nameLength = flags & LONG_NAME;
  const nameEnd = nameLength === LONG_NAME ? bytes.indexOf(0, nameAt) : nameAt + nameLength;
  if (nameEnd < nameAt || bytes[nameEnd] !== 0) throw new RangeError('a name in the git index has no end');
  const mode = bytes.readUInt32BE(at + AT.mode);
  return {
    path: bytes.toString('latin1', nameAt, nameEnd),
    mode,
    ...(mode === GITLINK
      ? { link: bytes.toString('hex', at + AT.id, at + AT.id + CHECKSUM_BYTES[format]) }
      : {}),
    size: bytes.readUInt32BE(at + AT.size),
    // One to eight NULs fill an entry up to a multiple of eight bytes.
    length: (Math.floor((nameEnd - at) / 8) + 1) * 8,
  };
}

function stamp(bytes: Buffer, at: number, mtime: number): void {
  bytes.fill(0, at + AT.ctime, at + AT.mode);
  bytes.writeUInt32BE(mtime, at + AT.mtime);
  bytes.fill(0, at + AT.uid, at + AT.size);
}

/** The extensions that stay: `<signature> <length> <content>`; a lower-case signature may not be skipped. */
function keptExtensions(bytes: Buffer, from: number, format: ObjectFormat): readonly Buffer[] {
  const end = bytes.length - CHECKSUM_BYTES[format];
  const kept: Buffer[] = [];
  let at = from;
  while (at + 8 <= end) {
    const signature = bytes.toString('latin1', at, at + 4);
    const next = at + 8 + bytes.readUInt32BE(at + 4);
    if (!/^[A-Z]/.test(signature))
      throw new RangeError(`a git index with extension "${signature}" is not supported`);
    if (signature === 'TREE') kept.push(bytes.subarray(at, next));
    at = next;
  }
  if (at !== end) throw new RangeError('the git index ends within an extension');
  return kept;
}

import { createHash } from 'node:crypto';
import type { Bytes } from '../../kernel/compare-bytes.ts';

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
  /** Each is made anew when it is asked for: 100,000 of them are not kept beside the index. */
  entries(): Iterable<IndexEntry>;
  /** The gitlinks among them. */
  readonly links: readonly IndexEntry[];
}

/** An index in its canonical form, and what it lists. */
export interface CanonicalIndex extends IndexListing {
  readonly bytes: Buffer;
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
  readonly sizeOf?: (path: Bytes, place: number) => number | undefined;
}

/**
 * Gives an index (versions 2 and 3, not split) the same bytes wherever and whenever its files were laid down: all stat
 * data become 0 but the sizes and the mtimes, which become `mtime` (seconds). It is valid for files with that mtime
 * where `core.checkStat` is `minimal`. The size of a gitlink's folder, which each file system tells in its own way and git
 * never looks at, becomes 0. Of the extensions the cache tree stays, since `git status` is slower without;
 * others are caches that say how many CPUs there were. The bytes are changed in place: there may be many of them.
 *
 * Throws `RangeError` for anything that is not such an index.
 */
export function canonicalIndex(bytes: Buffer, { format, mtime, sizeOf }: IndexForm): CanonicalIndex {
  const links: IndexEntry[] = [];
  const count = entryCountOf(bytes);
  let at = HEADER_BYTES;
  for (let place = 0; place < count; place++) {
    const span = spanAt(bytes, at, format);
    const isLink = bytes.readUInt32BE(at + AT.mode) === GITLINK;
    const size = isLink ? 0 : (sizeOf?.(span.name, place) ?? bytes.readUInt32BE(at + AT.size));
    stamp(bytes, at, mtime);
    bytes.writeUInt32BE(size >>> 0, at + AT.size);
    if (isLink) links.push(entryAt(bytes, at, span, format));
    at = span.end;
  }
  // What stays moves up, so that there is room for it and for the checksum.
  for (const extension of keptExtensions(bytes, at, format)) at += extension.copy(bytes, at);
  at += createHash(format).update(bytes.subarray(0, at)).digest().copy(bytes, at);
  const whole = bytes.subarray(0, at);
  return { bytes: whole, links, entries: () => entriesIn(whole, format) };
}

function* entriesIn(bytes: Buffer, format: ObjectFormat): Generator<IndexEntry> {
  let at = HEADER_BYTES;
  for (let left = entryCountOf(bytes); left > 0; left--) {
    const span = spanAt(bytes, at, format);
    yield entryAt(bytes, at, span, format);
    at = span.end;
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

/** Where the name of an entry lies, and where the entry ends. */
interface EntrySpan {
  readonly name: Bytes;
  readonly end: number;
}

function spanAt(bytes: Buffer, at: number, format: ObjectFormat): EntrySpan {
  const flagsAt = at + AT.id + CHECKSUM_BYTES[format];
  if (flagsAt + 2 > bytes.length) throw new RangeError('the git index ends within an entry');
  const flags = bytes.readUInt16BE(flagsAt);
  const nameAt = flagsAt + ((flags & EXTENDED) === 0 ? 2 : 4);
  const nameLength = flags & LONG_NAME;
  const nameEnd = nameLength === LONG_NAME ? bytes.indexOf(0, nameAt) : nameAt + nameLength;
  if (nameEnd < nameAt || bytes[nameEnd] !== 0) throw new RangeError('a name in the git index has no end');
  // One to eight NULs fill an entry up to a multiple of eight bytes.
  return { name: [bytes, nameAt, nameEnd], end: at + (Math.floor((nameEnd - at) / 8) + 1) * 8 };
}

function entryAt(bytes: Buffer, at: number, { name }: EntrySpan, format: ObjectFormat): IndexEntry {
  const [, nameAt, nameEnd] = name;
  const mode = bytes.readUInt32BE(at + AT.mode);
  return {
    path: bytes.toString('latin1', nameAt, nameEnd),
    mode,
    ...(mode === GITLINK
      ? { link: bytes.toString('hex', at + AT.id, at + AT.id + CHECKSUM_BYTES[format]) }
      : {}),
    size: bytes.readUInt32BE(at + AT.size),
  };
}

function stamp(bytes: Buffer, at: number, mtime: number): void {
  clear(bytes, at + AT.ctime, at + AT.mode);
  bytes.writeUInt32BE(mtime, at + AT.mtime);
  clear(bytes, at + AT.uid, at + AT.size);
}

/** For a dozen bytes a call of `fill` takes several times as long. */
function clear(bytes: Buffer, from: number, to: number): void {
  for (let at = from; at < to; at++) bytes[at] = 0;
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

import { TAR_BLOCK } from './tar-header.ts';

/** The fields of one header block (POSIX.1-2017 ustar, GNU's and old V7 ones); texts are raw bytes as latin1. */
export interface HeaderFields {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  /** One byte: `0` for a file, `5` for a directory and so on. */
  readonly typeFlag: string;
  readonly target: string;
  readonly major: number;
  readonly minor: number;
}

const CHECKSUM_AT = 148;
const CHECKSUM_END = 156;
const SPACE = 0x20;
const NEGATIVE = 0xff;
const BASE_256 = 0x80;

/** Reads a header block. Throws `RangeError` where its checksum is wrong or a number is none that can be had. */
export function readHeaderFields(block: Buffer): HeaderFields {
  if (numberAt(block, CHECKSUM_AT, 8) !== checksumOf(block))
    throw new RangeError('a header’s checksum is wrong');
  // In GNU's own format other fields stand where POSIX has the front of a long name.
  const isPosix = block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? textAt(block, 345, 155) : '';
  const name = textAt(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    mode: numberAt(block, 100, 8),
    uid: numberAt(block, 108, 8),
    gid: numberAt(block, 116, 8),
    size: numberAt(block, 124, 12),
    mtime: numberAt(block, 136, 12),
    typeFlag: block.toString('latin1', 156, 157),
    target: textAt(block, 157, 100),
    major: numberAt(block, 329, 8),
    minor: numberAt(block, 337, 8),
  };
}

/** Whether a block is all zero, as the two are that end a tar. */
export function isZeroBlock(block: Buffer): boolean {
  return block.length === TAR_BLOCK && block.every((byte) => byte === 0);
}

/** Text up to the first NUL byte. */
export function textAt(block: Buffer, at: number, length: number): string {
  const text = block.toString('latin1', at, at + length);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** Octal digits, or GNU's base-256 (two's complement, the first bit set); nothing counts as 0. */
function numberAt(block: Buffer, at: number, length: number): number {
  if (((block[at] ?? 0) & BASE_256) !== 0) return base256At(block.subarray(at, at + length));
  const text = textAt(block, at, length).trim();
  if (!/^[0-7]*$/.test(text)) throw new RangeError('a header holds a number that is not octal');
  return safe(Number.parseInt(text || '0', 8));
}

function base256At(bytes: Buffer): number {
  const isNegative = bytes[0] === NEGATIVE;
  const bits = BigInt(`0x${bytes.toString('hex')}`);
  const width = BigInt(bytes.length * 8);
  return safe(Number(isNegative ? bits - (1n << width) : bits & ((1n << (width - 1n)) - 1n)));
}

function safe(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError('a header holds a number that is too large');
  return value;
}

/** The sum of a header's bytes, its checksum field taken for spaces. */
function checksumOf(block: Buffer): number {
  let sum = (CHECKSUM_END - CHECKSUM_AT) * SPACE;
  for (let at = 0; at < block.length; at++) {
    if (at < CHECKSUM_AT || at >= CHECKSUM_END) sum += block[at] ?? 0;
  }
  return sum;
}

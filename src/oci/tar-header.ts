import type { TarEntry } from './tar-entry.ts';
import { encodePax, type PaxRecord } from './tar-pax.ts';

/** Tar counts in blocks of this many bytes. */
export const TAR_BLOCK = 512;

/** The largest number that eleven octal digits hold: 8 GiB - 1, or the year 2242. */
export const ELEVEN_OCTAL_DIGITS = 0o77777777777;

const SEVEN_OCTAL_DIGITS = 0o7777777;
const NAME_BYTES = 100;
const TYPE_FLAG = { file: '0', symlink: '2', directory: '5' } as const;
const ASCII = /^\p{ASCII}*$/u;

/** The name of an entry in a tar: that of a folder ends with a slash. */
export function tarNameOf(entry: TarEntry): string {
  return entry.kind === 'directory' ? `${entry.path}/` : entry.path;
}

/** Whether a name or link target goes into the header as it is, without a pax record. */
export function fitsNameField(text: string): boolean {
  return text.length <= NAME_BYTES && ASCII.test(text);
}

/**
 * The header of any entry as ustar (POSIX.1-2017), preceded by a pax header for what ustar's fields can't hold: long
 * names or names that are not ASCII (as the bytes they are), large ids, large files, times outside 1970–2242.
 * Canonical:
 * no user names, no access times, nothing that depends on the machine.
 */
export function encodeTarHeader(entry: TarEntry): Uint8Array {
  const records = paxRecordsOf(entry);
  const header = ustarBlock({
    name: tarNameOf(entry),
    typeFlag: TYPE_FLAG[entry.kind],
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: entry.size,
    mtime: entry.mtime,
    target: entry.target ?? '',
  });
  return records.length === 0 ? header : Buffer.concat([paxHeader(encodePax(records)), header]);
}

/** How many bytes fill `size` up to whole blocks. */
export function tarPaddingOf(size: number): number {
  return (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK;
}

function paxRecordsOf(entry: TarEntry): readonly PaxRecord[] {
  const name = tarNameOf(entry);
  const target = entry.target ?? '';
  const records: (PaxRecord | false)[] = [
    !fitsNameField(name) && ['path', name],
    !fitsNameField(target) && ['linkpath', target],
    entry.size > ELEVEN_OCTAL_DIGITS && ['size', String(entry.size)],
    entry.uid > SEVEN_OCTAL_DIGITS && ['uid', String(entry.uid)],
    entry.gid > SEVEN_OCTAL_DIGITS && ['gid', String(entry.gid)],
    (entry.mtime < 0 || entry.mtime > ELEVEN_OCTAL_DIGITS) && ['mtime', String(entry.mtime)],
  ];
  return records.filter((record) => record !== false);
}

function paxHeader(records: Uint8Array): Uint8Array {
  const size = records.length;
  const block = ustarBlock({
    name: 'PaxHeader',
    typeFlag: 'x',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size,
    mtime: 0,
    target: '',
  });
  return Buffer.concat([block, records, new Uint8Array(tarPaddingOf(size))]);
}

interface UstarFields {
  readonly name: string;
  readonly typeFlag: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly target: string;
}

function ustarBlock(fields: UstarFields): Uint8Array {
  const block = Buffer.alloc(TAR_BLOCK);
  block.write(fields.name.slice(0, NAME_BYTES), 0, 'latin1');
  block.write(octal(fields.mode, 7), 100, 'latin1');
  block.write(octal(fields.uid, 7), 108, 'latin1');
  block.write(octal(fields.gid, 7), 116, 'latin1');
  block.write(octal(fields.size, 11), 124, 'latin1');
  block.write(octal(fields.mtime, 11), 136, 'latin1');
  block.write(' '.repeat(8), 148, 'latin1');
  block.write(fields.typeFlag, 156, 'latin1');
  block.write(fields.target.slice(0, NAME_BYTES), 157, 'latin1');
  block.write('ustar', 257, 'latin1');
  block.write('00', 263, 'latin1');
  block.write(octal(0, 7), 329, 'latin1');
  block.write(octal(0, 7), 337, 'latin1');
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${octal(checksum, 6)}\0 `, 148, 'latin1');
  return block;
}

/** A number that does not fit is written as 0: its pax record says the truth, as Go's and GNU's writers do it. */
function octal(value: number, digits: number): string {
  const text = value < 0 ? '0' : value.toString(8);
  return (text.length > digits ? '0' : text).padStart(digits, '0');
}

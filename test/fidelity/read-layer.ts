import { createHash } from 'node:crypto';

/** One entry of a layer's tar as the format says it (POSIX.1-2017, pax), names and values as latin1. */
export interface LayerEntry {
  readonly path: string;
  readonly flag: string;
  readonly mode: string;
  readonly owner: string;
  readonly mtime: string;
  readonly size: number;
  readonly device: string;
  readonly target: string;
  readonly content: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const BLOCK = 512;
const ATTRIBUTE = 'SCHILY.xattr.';

/** Reads a whole tar. Knows nothing of the code under test, and stops at what it does not know. */
export function* readLayer(tar: Buffer): Generator<LayerEntry> {
  let pax = new Map<string, string>();
  for (let at = 0; at + BLOCK <= tar.length;) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return;
    const flag = header.toString('latin1', 156, 157);
    const size = Number(pax.get('size') ?? octalAt(header, 124, 12));
    const stored = '0\0x'.includes(flag) ? size : 0;
    const content = tar.subarray(at + BLOCK, at + BLOCK + stored);
    at += BLOCK + Math.ceil(stored / BLOCK) * BLOCK;
    if (flag === 'x') pax = paxRecords(content);
    else {
      yield entryOf(header, flag, content, pax);
      pax = new Map();
    }
  }
}

function entryOf(
  header: Buffer,
  flag: string,
  content: Buffer,
  pax: ReadonlyMap<string, string>,
): LayerEntry {
  const prefix = textAt(header, 345, 155);
  const name = pax.get('path') ?? (prefix === '' ? '' : `${prefix}/`) + textAt(header, 0, 100);
  const isFile = flag === '0' || flag === '\0';
  const attributes = [...pax].filter(([keyword]) => keyword.startsWith(ATTRIBUTE));
  return {
    path: name.replace(/^(?:\.?\/)+|^\.$/, '').replace(/\/$/, ''),
    flag: isFile ? '0' : flag,
    mode: (octalAt(header, 100, 8) & 0o7777).toString(8),
    owner: `${pax.get('uid') ?? octalAt(header, 108, 8)}:${pax.get('gid') ?? octalAt(header, 116, 8)}`,
    mtime: timeOf(pax.get('mtime') ?? String(octalAt(header, 136, 12))),
    size: content.length,
    device: `${octalAt(header, 329, 8)}:${octalAt(header, 337, 8)}`,
    target: pax.get('linkpath') ?? textAt(header, 157, 100),
    content: isFile ? createHash('sha256').update(content).digest('hex') : '',
    attributes: new Map(
      attributes.map(([keyword, value]) => [
        keyword.slice(ATTRIBUTE.length),
        Buffer.from(value, 'latin1').toString('hex'),
      ]),
    ),
  };
}

/** Records are `<length> <keyword>=<value>\n`, counted in bytes. */
function paxRecords(bytes: Buffer): Map<string, string> {
  const text = bytes.toString('latin1');
  const records = new Map<string, string>();
  for (let at = 0; at < text.length;) {
    const space = text.indexOf(' ', at);
    const end = at + Number(text.slice(at, space));
    const equals = text.indexOf('=', space);
    records.set(text.slice(space + 1, equals), text.slice(equals + 1, end - 1));
    at = end;
  }
  return records;
}

/** A decimal time as the kernel counts it: whole seconds downwards, and nanoseconds upwards from there. */
function timeOf(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  const nanoseconds = BigInt(fraction.padEnd(9, '0').slice(0, 9));
  const total = BigInt(whole) * 1_000_000_000n + (text.startsWith('-') ? -nanoseconds : nanoseconds);
  const below = ((total % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return `${(total - below) / 1_000_000_000n}.${String(below).padStart(9, '0')}`;
}

function textAt(header: Buffer, at: number, length: number): string {
  return header.toString('latin1', at, at + length).replace(/\0.*$/s, '');
}

function octalAt(header: Buffer, at: number, length: number): number {
  const text = textAt(header, at, length).trim();
  if (!/^[0-7]*$/.test(text)) throw new RangeError(`not octal: ${JSON.stringify(text)}`);
  return Number.parseInt(text || '0', 8);
}

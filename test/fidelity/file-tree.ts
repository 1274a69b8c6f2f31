/** What is to be known of one path, in words that every referee can say. */
export interface FileRecord {
  /** As find(1) calls it: f, d, l, p, c, b, s. */
  readonly type: string;
  /** Permission bits, octal. */
  readonly mode: string;
  /** `<uid>:<gid>`. */
  readonly owner: string;
  /** Seconds with nine digits of nanoseconds. */
  readonly mtime: string;
  /** Bytes of a file. */
  readonly size: string;
  /** `<major>:<minor>` of a device node. */
  readonly device: string;
  /** Target of a symlink, latin1. */
  readonly target: string;
  /** SHA-256 of a file's content. */
  readonly content: string;
  /** Extended attributes, POSIX ACLs and capabilities among them: name → value, in hexadecimal. */
  readonly attributes: ReadonlyMap<string, string>;
  /** The first of the names of a file that has several, else empty. */
  readonly links: string;
  /** Whether a file takes less room than its size. */
  readonly sparse: boolean;
}

/** A file system: path without a leading slash (latin1), `''` for the root → record. */
export type FileTree = ReadonlyMap<string, FileRecord>;

/** Reads what `dump.pl` prints. */
export function parseDump(text: string): FileTree {
  const lines = text.split('\n').filter(Boolean);
  const sums = new Map(
    lines.filter((line) => line.startsWith('content ')).map((line) => [word(line, 1), word(line, 2)]),
  );
  const found = lines.filter((line) => !line.startsWith('content ')).map((line) => parseLine(line, sums));
  return new Map(withLinks(found));
}

interface Found {
  readonly path: string;
  readonly inode: string;
  readonly record: FileRecord;
}

function parseLine(line: string, sums: ReadonlyMap<string, string>): Found {
  const at = (index: number): string => word(line, index);
  const type = at(1);
  const isFile = type === 'f';
  const record: FileRecord = {
    type,
    mode: at(2),
    owner: `${at(3)}:${at(4)}`,
    mtime: at(5),
    size: isFile ? at(6) : '',
    device: 'cb'.includes(type) ? at(7) : '',
    target: fromHex(at(10)),
    content: sums.get(at(0)) ?? '',
    attributes: new Map(at(11) === '-' ? [] : at(11).split(',').map(parseAttribute)),
    links: '',
    sparse: isFile && Number(at(9)) * 512 + 65_536 < Number(at(6)),
  };
  return { path: fromHex(at(0)), inode: at(8), record };
}

function withLinks(found: readonly Found[]): readonly (readonly [string, FileRecord])[] {
  const leaves = found.filter(({ record }) => record.type !== 'd');
  const names = Map.groupBy(leaves, ({ inode }) => inode);
  return found.map(({ path, inode, record }) => {
    const all = record.type === 'd' ? [] : (names.get(inode) ?? []);
    return [path, { ...record, links: all.length > 1 ? (all[0]?.path ?? '') : '' }];
  });
}

function parseAttribute(text: string): readonly [string, string] {
  const [name = '', value = ''] = text.split('=');
  return [fromHex(name), value];
}

function fromHex(text: string): string {
  return text === '-' ? '' : Buffer.from(text, 'hex').toString('latin1');
}

function word(line: string, at: number): string {
  return line.split(' ')[at] ?? '';
}

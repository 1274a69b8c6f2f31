import { createHash } from 'node:crypto';
import type { ReadEntry, ReadKind } from '../oci/tar-reader.ts';

/**
 * What a path looks like: paths with equal looks are the same to the last byte. Of a directory the mtime is left out,
 * since whatever happens in it moves that.
 */
export interface Look {
  /** `<uid>:<gid>`. */
  readonly owner: string;
  /** A digest over everything else: kind, mode, mtime, target, extended attributes, ACLs, content. */
  readonly rest: string;
}

/** What says who or when, in a pax record of its own or in the header; `comment` is nobody's. */
const TOLD_APART: ReadonlySet<string> = new Set([
  'path',
  'linkpath',
  'size',
  'uid',
  'gid',
  'uname',
  'gname',
  'mtime',
  'atime',
  'ctime',
  'comment',
]);

/** Reads the look of a tar's entry, its content too. */
export async function lookOf(entry: ReadEntry): Promise<Look> {
  const attributes = [...entry.records].filter(([keyword]) => !TOLD_APART.has(keyword));
  const digest = createHash('sha256').update(headText(entry, attributes));
  for await (const piece of entry.content) digest.update(piece);
  return { owner: `${entry.uid}:${entry.gid}`, rest: digest.digest('base64') };
}

/** The look of a directory without extended attributes or ACLs; `mode` in octal digits. */
export function plainFolderLook(mode: string, owner: string): Look {
  const head = headText({ ...PLAIN_FOLDER, mode: Number.parseInt(mode, 8) }, []);
  return { owner, rest: createHash('sha256').update(head).digest('base64') };
}

type LookHead = Pick<ReadEntry, 'kind' | 'mode' | 'mtime' | 'size' | 'target' | 'device'>;

const NO_DEVICE = { major: 0, minor: 0 };
const PLAIN_FOLDER = { kind: 'directory', mtime: '', size: 0, target: '', device: NO_DEVICE } as const;
const DEVICES: ReadonlySet<ReadKind> = new Set(['character-device', 'block-device']);

function headText(
  { kind, mode, mtime, size, target, device }: LookHead,
  attributes: readonly (readonly [string, string])[],
): string {
  return JSON.stringify([
    kind,
    mode,
    kind === 'directory' ? '' : mtime,
    size,
    target,
    DEVICES.has(kind) ? device : NO_DEVICE,
    attributes.toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}

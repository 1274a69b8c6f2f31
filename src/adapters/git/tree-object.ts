/** One entry of a tree, as git stores it. */
export interface TreeEntry {
  /** As git takes it: `100644`, `100755`, `120000`, `40000` or `160000`. */
  readonly mode: string;
  readonly id: string;
}

/** Whether a mode is a folder's. */
export function isFolder(mode: string): boolean {
  return mode === '40000';
}

/** Whether a mode is a symbolic link's. */
export function isLink(mode: string): boolean {
  return mode === '120000';
}

/** Whether a mode is a file's, executable or not. */
export function isRegularFile(mode: string): boolean {
  return mode === '100644' || mode === '100755';
}

/** Old programs wrote `100664` and `040000` (https://github.com/git/git/blob/v2.39.5/cache.h, `canon_mode`). */
function canonicalMode(stored: string): string {
  const mode = Number.parseInt(stored, 8);
  const kind = mode & 0o170000;
  if (kind === 0o100000) return (mode & 0o100) === 0 ? '100644' : '100755';
  if (kind === 0o120000 || kind === 0o040000) return kind.toString(8);
  return '160000';
}

/** What a tree has under a name: `<mode> <name>\0<id>` for each entry, the id in its bytes; `idBytes` are 20 or 32. */
export function findTreeEntry(tree: Buffer, name: string, idBytes: number): TreeEntry | undefined {
  const wanted = Buffer.from(name);
  for (let at = 0; at < tree.length;) {
    const space = tree.indexOf(0x20, at);
    const end = tree.indexOf(0, space);
    if (space === -1 || end === -1) return undefined;
    if (tree.subarray(space + 1, end).equals(wanted)) {
      const id = tree.toString('hex', end + 1, end + 1 + idBytes);
      return { mode: canonicalMode(tree.toString('latin1', at, space)), id };
    }
    at = end + 1 + idBytes;
  }
  return undefined;
}

/** One entry of a tree, as git stores it. */
export interface TreeEntry {
  /** `100644`, `40000` … */
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

/** Whether a mode is a file's, executable or not; git wrote 100664 once. */
export function isRegularFile(mode: string): boolean {
  return /^100(?:644|755|664)$/.test(mode);
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
      return { mode: tree.toString('latin1', at, space), id };
    }
    at = end + 1 + idBytes;
  }
  return undefined;
}

import type { CallOptions } from '../../oci/content-store.ts';
import { gitLines } from './git-lines.ts';
import type { GitPlace } from './git-command.ts';

/** One entry of a commit's tree. */
export interface TreeEntry {
  /** As git has it: 0o100644, 0o100755, 0o120000 (symlink), 0o160000 (gitlink) or 0o040000 (tree). */
  readonly mode: number;
  /** Object id; of a gitlink, that of its commit. */
  readonly id: string;
  /** Bytes of the object; 0 for trees and gitlinks. */
  readonly size: number;
}

/** What a commit's tree holds, by path (raw bytes as latin1 text), each folder before what it holds. */
export type ListedTree = ReadonlyMap<string, TreeEntry>;

/** The mode of a folder in a tree. */
export const TREE = 0o40000;

const LIST = 'ls-tree -r -t -l -z --full-tree --end-of-options';

/** Lists a commit's tree, its folders too. No contents are read but for the sizes in the heads of objects. */
export async function listTree(
  place: GitPlace,
  commit: string,
  { signal }: CallOptions,
): Promise<ListedTree> {
  const purpose = `list commit ${commit.slice(0, 12)}`;
  const listed = new Map<string, TreeEntry>();
  for await (const line of gitLines(place, [...LIST.split(' '), commit], { signal, purpose }, '\0')) {
    const tab = line.indexOf('\t');
    listed.set(line.slice(tab + 1), entryOf(line, tab));
  }
  return listed;
}

/** Takes `<mode> <type> <id> <size, filled up with spaces, or a dash>` apart. */
function entryOf(line: string, end: number): TreeEntry {
  const idAt = line.indexOf(' ', line.indexOf(' ') + 1) + 1;
  const idEnd = line.indexOf(' ', idAt);
  const size = Number(line.slice(idEnd, end));
  const mode = Number.parseInt(line, 8);
  return { mode, id: line.slice(idAt, idEnd), size: Number.isNaN(size) ? 0 : size };
}

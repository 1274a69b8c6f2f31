import type { GitCall, GitPlace } from './git-command.ts';
import { readObject, type ObjectReaders } from './object-readers.ts';
import { findTreeEntry, type TreeEntry } from './tree-object.ts';

const FOLDER = '40000';

/**
 * What a commit has at a path (`a/b`, without `.` and `..`). No listing is made, only the trees above it are read. Throws
 * a `PreheatError` where one of them is missing.
 */
export async function findEntryOf(
  readers: ObjectReaders,
  place: GitPlace,
  commit: string,
  path: string,
  call: GitCall,
): Promise<TreeEntry | undefined> {
  let entry: TreeEntry | undefined;
  let tree = `${commit}^{tree}`;
  for (const name of path.split('/')) {
    if (entry !== undefined) {
      if (entry.mode !== FOLDER) return undefined;
      tree = entry.id;
    }
    const { content, id } = await readObject(readers, place, tree, call);
    entry = findTreeEntry(content, name, id.length / 2);
    if (entry === undefined) return undefined;
  }
  return entry;
}

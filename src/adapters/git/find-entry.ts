import type { GitCall, GitPlace } from './git-command.ts';
import { readObject, type ObjectReaders } from './object-readers.ts';
import { findTreeEntry, isFolder, type TreeEntry } from './tree-object.ts';

/** Where a path leads in a commit. */
export interface PathEnd {
  readonly entry: TreeEntry;
  /** Whether the entry is what the path names; else it stands in the way, and is no folder. */
  readonly isWhole: boolean;
}

/**
 * Follows a path (`a/b`, without `.` and `..`) in a commit, to its end or to what stands in its way; links are not
 * followed. No listing is made, only the trees above it are read. Throws a `PreheatError` where one of them is missing.
 */
export async function followPath(
  readers: ObjectReaders,
  place: GitPlace,
  commit: string,
  path: string,
  call: GitCall,
): Promise<PathEnd | undefined> {
  let entry: TreeEntry | undefined;
  let tree = `${commit}^{tree}`;
  for (const name of path.split('/')) {
    if (entry !== undefined) {
      if (!isFolder(entry.mode)) return { entry, isWhole: false };
      tree = entry.id;
    }
    const { content, id } = await readObject(readers, place, tree, call);
    entry = findTreeEntry(content, name, id.length / 2);
    if (entry === undefined) return undefined;
  }
  return entry && { entry, isWhole: true };
}

/** What a commit has at a path, as {@link followPath} finds it. */
export async function findEntryOf(
  readers: ObjectReaders,
  place: GitPlace,
  commit: string,
  path: string,
  call: GitCall,
): Promise<TreeEntry | undefined> {
  const end = await followPath(readers, place, commit, path, call);
  return end?.isWhole === true ? end.entry : undefined;
}

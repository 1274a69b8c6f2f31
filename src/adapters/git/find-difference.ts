import type { CallOptions } from '../../oci/content-store.ts';
import { readAttributes } from './attributes.ts';
import type { CheckoutPart } from './checkout-entries.ts';
import type { EarlierPart } from './earlier-part.ts';
import { GITLINK } from './index-file.ts';
import type { LfsMode } from './lfs.ts';
import { TREE, type ListedTree } from './list-tree.ts';
import type { OpenFolder } from './temporary-folder.ts';

/** A commit as it is to be laid down. */
export interface ComparedCommit extends Pick<CheckoutPart, 'clone' | 'commit'> {
  readonly listed: ListedTree;
  readonly lfs: LfsMode;
}

/**
 * The files and links of a commit whose bytes, mode or target may not be what an earlier commit in the same place has:
 * by their modes and object ids, and by what attributes make of contents where `.gitattributes` changed. No contents
 * are read for it but those of `.gitattributes`.
 */
export async function findChanged(
  now: ComparedCommit,
  earlier: EarlierPart,
  options: CallOptions & { readonly openFolder: OpenFolder },
): Promise<ReadonlySet<string>> {
  const changed = new Set<string>();
  const equal: string[] = [];
  for (const path of leavesIn(now.listed)) {
    if (isSame(path, now.listed, earlier)) equal.push(path);
    else changed.add(path);
  }
  const attributes = changedAttributes(now.listed, earlier);
  // `.lfsconfig` says which contents are laid and which stay pointers.
  const fetches = now.lfs === 'contents' && !isSame('.lfsconfig', now.listed, earlier);
  const folders = fetches ? [''] : attributes.map((path) => path.slice(0, -'.gitattributes'.length));
  if (folders.length === 0) return changed;
  const doubtful = equal.filter((path) => folders.some((folder) => path.startsWith(folder)));
  const altered = fetches ? doubtful : await alteredOf(doubtful, now, earlier, options);
  for (const path of altered) changed.add(path);
  return changed;
}

/** All files and links of a tree. */
export function* leavesIn(listed: ListedTree): Generator<string> {
  for (const [path, { mode }] of listed) if (mode !== TREE && mode !== GITLINK) yield path;
}

function isSame(path: string, listed: ListedTree, { entries }: EarlierPart): boolean {
  const [now, before] = [listed.get(path), entries.get(path)];
  return now?.id === before?.id && now?.mode === before?.mode;
}

/** The `.gitattributes` that are not as they were; one that came or went is among them. */
function changedAttributes(listed: ListedTree, earlier: EarlierPart): readonly string[] {
  const before = earlier.entries.keys().filter(isAttributesFile);
  const files = new Set([...listed.keys().filter(isAttributesFile), ...before]);
  return [...files].filter((path) => !isSame(path, listed, earlier));
}

function isAttributesFile(path: string): boolean {
  return path === '.gitattributes' || path.endsWith('/.gitattributes');
}

/** Of equal contents, those that the attributes change in another way; all where the earlier ones are not known. */
async function alteredOf(
  paths: readonly string[],
  now: ComparedCommit,
  earlier: EarlierPart,
  options: CallOptions & { readonly openFolder: OpenFolder },
): Promise<readonly string[]> {
  if (earlier.clone === undefined) return paths;
  const before = await readAttributes(earlier.clone, earlier.commit, paths, options);
  const after = await readAttributes(now.clone, now.commit, paths, options);
  return paths.filter((path) => before.get(path) !== after.get(path));
}

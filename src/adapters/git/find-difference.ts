import type { TreeListing } from '../../kernel/tree-listing.ts';
import { findEntry, hasNamed, pathsOf } from '../../kernel/tree-lookup.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { isAttributesFile, readAttributes } from './attributes.ts';
import type { CheckoutPart } from './checkout-entries.ts';
import type { EarlierPart } from './earlier-part.ts';
import type { LfsMode } from './lfs.ts';
import type { OpenFolder } from './temporary-folder.ts';
import { compareTrees, leavesOf } from './tree-difference.ts';

/** A commit as it is to be laid down. */
export interface ComparedCommit extends Pick<CheckoutPart, 'clone' | 'commit'> {
  readonly listed: TreeListing;
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
  const changed = new Set(compareTrees(earlier.listed, now.listed).changed);
  const attributes = changedAttributes(now.listed, earlier.listed);
  // `.lfsconfig` says which contents are laid and which stay pointers.
  const fetches = now.lfs === 'contents' && !isSame('.lfsconfig', now.listed, earlier.listed);
  const folders = fetches ? [''] : attributes.map((path) => path.slice(0, -'.gitattributes'.length));
  if (folders.length === 0) return changed;
  const isDoubtful = (path: string): boolean =>
    !changed.has(path) && folders.some((folder) => path.startsWith(folder));
  const doubtful = leavesOf(now.listed).filter(isDoubtful);
  const altered = fetches ? doubtful : await alteredOf(doubtful, now, earlier, options);
  for (const path of altered) changed.add(path);
  return changed;
}

function isSame(path: string, now: TreeListing, earlier: TreeListing): boolean {
  const [after, before] = [findEntry(now, path), findEntry(earlier, path)];
  return after?.id === before?.id && after?.mode === before?.mode;
}

/** The `.gitattributes` that are not as they were; one that came or went is among them. */
function changedAttributes(now: TreeListing, earlier: TreeListing): readonly string[] {
  const files = new Set([now, earlier].flatMap(attributesFiles));
  return [...files].filter((path) => !isSame(path, now, earlier));
}

function attributesFiles(listing: TreeListing): readonly string[] {
  if (!hasNamed(listing, '.gitattributes')) return [];
  return Array.from(pathsOf(listing)).filter(isAttributesFile);
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

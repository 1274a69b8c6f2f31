import { readTreeListing, type TreeListing } from '../../kernel/tree-listing.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { GitPlace } from './git-command.ts';
import { gitPieces } from './git-pieces.ts';

/** The mode of a folder in a tree. */
export const TREE = 0o40000;

const LIST = 'ls-tree -r -z --full-tree';

/** Lists what the tree of a commit holds, folders apart. No contents are read. */
export async function listTree(
  place: GitPlace,
  commit: string,
  { signal }: CallOptions,
): Promise<TreeListing> {
  return await list(place, LIST, commit, { signal });
}

/** The same with the sizes of files, for which git reads the heads of all objects. */
export async function listTreeWithSizes(
  place: GitPlace,
  commit: string,
  { signal }: CallOptions,
): Promise<TreeListing> {
  return await list(place, `${LIST} -l`, commit, { signal });
}

async function list(
  place: GitPlace,
  words: string,
  commit: string,
  { signal }: CallOptions,
): Promise<TreeListing> {
  const purpose = `list commit ${commit.slice(0, 12)}`;
  const args = [...words.split(' '), '--end-of-options', commit];
  // Put together once: what grows as it comes is copied again and again.
  const pieces = await Array.fromAsync(gitPieces(place, args, { signal, purpose }));
  return readTreeListing(Buffer.concat(pieces));
}

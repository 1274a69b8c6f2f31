import { readTreeListing, type TreeListing } from '../../kernel/tree-listing.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { GitPlace } from './git-command.ts';
import { printToFile } from './git-printed.ts';

/** The mode of a folder in a tree. */
export const TREE = 0o40000;

const LIST = 'ls-tree -r -z --full-tree';

/** How a tree is listed. */
export interface ListOptions extends CallOptions {
  /** The path of a file on the way, where nothing lies yet. */
  readonly file: string;
  /** Whether the sizes of files are told too, for which git reads the heads of all objects. */
  readonly withSizes?: boolean;
}

/** Lists what the tree of a commit holds, folders apart. No contents are read. */
export async function listTree(
  place: GitPlace,
  commit: string,
  { file, signal, withSizes = false }: ListOptions,
): Promise<TreeListing> {
  const purpose = `list commit ${commit.slice(0, 12)}`;
  const args = [...LIST.split(' '), ...(withSizes ? ['-l'] : []), '--end-of-options', commit];
  await using printed = await printToFile(place, args, file, { signal, purpose });
  return readTreeListing(await printed.read());
}

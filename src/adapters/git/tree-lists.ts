import { join } from 'node:path';
import type { TreeListing } from '../../kernel/tree-listing.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { GitPlace } from './git-command.ts';
import { listTree } from './list-tree.ts';
import { openTemporaryFolder, type OpenFolder } from './temporary-folder.ts';

type ListsTree = (place: GitPlace, commit: string, options: CallOptions) => Promise<TreeListing>;

/** Lists trees of commits. */
export interface TreeLists {
  /** With the sizes of files. */
  readonly withSizes: ListsTree;
  /** With or without them: git looks at each file for its size, and a partial clone may lack some. */
  readonly any: ListsTree;
}

/**
 * Lists trees, and remembers the last: from the question what its inputs are to the laying of its sources a push asks for
 * one commit again and again, and a listing of 100,000 files takes a third of a second. What failed is asked again.
 */
export function rememberingTreeLists(openFolder: OpenFolder = openTemporaryFolder): TreeLists {
  let last: { readonly key: string; readonly listing: Promise<TreeListing> } | undefined;
  const list = async (place: GitPlace, commit: string, { signal }: CallOptions, withSizes: boolean) => {
    await using folder = await openFolder('tree');
    return await listTree(place, commit, { signal, file: join(folder.path, 'tree'), withSizes });
  };
  const withSizes: ListsTree = async (place, commit, options) => {
    const key = `${place.directory}\0${commit}`;
    // Who asked first may have been stopped.
    const told = last?.key === key ? await last.listing.catch(() => undefined) : undefined;
    if (told !== undefined) return told;
    const listing = list(place, commit, options, true);
    last = { key, listing };
    return await listing;
  };
  return {
    withSizes,
    any: async (place, commit, options) =>
      await withSizes(place, commit, options).catch(async () => await list(place, commit, options, false)),
  };
}

import { join } from 'node:path';
import type { TreeListing } from '../../kernel/tree-listing.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { GitPlace } from './git-command.ts';
import { listTree } from './list-tree.ts';
import { openTemporaryFolder, type OpenFolder } from './temporary-folder.ts';

/** Lists trees of commits with sizes. */
export type ListsTrees = (place: GitPlace, commit: string, options: CallOptions) => Promise<TreeListing>;

/**
 * Lists trees, and remembers the last: from the question what its inputs are to the laying of its sources a push asks for
 * one commit again and again, and a listing of 100,000 files takes a third of a second. What fails is asked again.
 */
export function rememberingTreeLists(openFolder: OpenFolder = openTemporaryFolder): ListsTrees {
  let last: { readonly key: string; readonly listing: Promise<TreeListing> } | undefined;
  const list: ListsTrees = async (place, commit, { signal }) => {
    await using folder = await openFolder('tree');
    return await listTree(place, commit, { signal, file: join(folder.path, 'tree'), withSizes: true });
  };
  return async (place, commit, options) => {
    const key = `${place.directory}\0${commit}`;
    if (last?.key === key) return await last.listing;
    const asked = { key, listing: list(place, commit, options) };
    last = asked;
    try {
      return await asked.listing;
    } catch (thrown) {
      if (last === asked) last = undefined;
      throw thrown;
    }
  };
}

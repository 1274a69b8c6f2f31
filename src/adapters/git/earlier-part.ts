import type { LaidCheckout, LaidSubmodule } from '../../observe/keyframe.ts';
import { treeListingOf, type TreeListing } from '../../kernel/tree-listing.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { PlacedCommit } from './checkout-entries.ts';
import type { Clone } from './clone.ts';
import type { GitPlace } from './git-command.ts';
import { writeGitFolder } from './git-folder.ts';
import { listTree, TREE } from './list-tree.ts';
import { ID_DIGITS, objectSet, type KnownObjects, type ObjectSet } from './object-set.ts';
import { historyObjects } from './pack-history.ts';

/** A commit that was laid down in an earlier checkout. */
export interface EarlierPart extends PlacedCommit {
  /** What its tree holds. */
  readonly listed: TreeListing;
  /** What its pack holds. */
  readonly objects: KnownObjects;
  /** Who has it still; only of the repository itself that is known. */
  readonly clone?: Clone;
}

/**
 * Reads the repository's own part from a clone; `folder` is an empty one. Throws a `PreheatError` where the clone lacks
 * the commit or some of the history that was laid.
 */
export async function readTopPart(
  folder: string,
  clone: Clone,
  { commit, cut }: LaidCheckout,
  { signal }: CallOptions,
): Promise<EarlierPart> {
  const ref = { kind: 'detached' } as const;
  const { format } = clone;
  await writeGitFolder(folder, { commit, ref, remoteUrl: undefined, format, shallow: cut });
  const { program, phase } = clone.place;
  const place: GitPlace = { program, phase, directory: folder, environment: { GIT_DIR: folder } };
  const [listed, objects] = await Promise.all([
    listTree(clone.place, commit, { signal, file: `${folder}.tree` }),
    historyObjects({ place, gitFolder: folder, clone }, commit, { signal }),
  ]);
  return { commit, path: '', gitPath: '.git', remoteUrl: undefined, listed, objects, clone };
}

/** A submodule's part, by what was written down of it: one commit, and all that its tree holds. */
export function submodulePart(submodule: LaidSubmodule): EarlierPart {
  const { commit, tree, entries, remoteUrl, path, gitPath } = submodule;
  return {
    commit,
    path,
    gitPath,
    remoteUrl,
    listed: treeListingOf(
      entries.filter(([, mode]) => mode !== TREE).map(([below, mode, id]) => ({ path: below, mode, id })),
    ),
    objects: objectsOf([commit, tree, ...entries.map(([, , id]) => id)]),
  };
}

function objectsOf(ids: readonly string[]): ObjectSet {
  const format = ids[0]?.length === ID_DIGITS.sha256 ? 'sha256' : 'sha1';
  return objectSet(Buffer.from(ids.join('\n')), format);
}

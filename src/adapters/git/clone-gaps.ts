import { readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CallOptions } from '../../oci/content-store.ts';
import { endsEarly } from './clone-history.ts';
import { cloneLayout, isInWorkTree, wayUp } from './clone-layout.ts';
import { openClone, type Clone } from './clone.ts';
import { findCommit } from './find-commit.ts';
import { gitPlaceIn, saidBy, type GitPlace } from './git-command.ts';
import type { ObjectReaders } from './object-readers.ts';

/** What a clone needs to have. */
export interface NeededCommit {
  /** 7 to 40 digits. */
  readonly commit: string;
  readonly historyDepth: number;
  /** Whether a commit is not enough whose history ends earlier. */
  readonly deepens: boolean;
}

/** The clone whose top a folder is; one that is further up is not meant. */
export async function findClone(
  directory: string,
  git: string | undefined,
  { signal, readers }: CallOptions & { readonly readers?: ObjectReaders | undefined },
): Promise<Clone | undefined> {
  const place = await gitPlaceIn(directory, 'observe', git);
  const isTop = await isTopOfClone(place, { signal }).catch(() => undefined);
  signal.throwIfAborted();
  if (isTop !== undefined) return isTop ? await openClone(place, { signal, readers }) : undefined;
  // Git's complaint, or a repository without a working tree here, may be about what lies further up.
  const environment = { GIT_CEILING_DIRECTORIES: dirname(await realpath(directory)) };
  try {
    return await openClone({ ...place, environment }, { signal, readers });
  } catch (thrown) {
    if (/not a git repository/i.test(saidBy(thrown))) return undefined;
    throw thrown;
  }
}

/** `undefined` where the way up does not tell. */
async function isTopOfClone(place: GitPlace, { signal }: CallOptions): Promise<boolean | undefined> {
  const layout = await cloneLayout(place, { signal });
  return isInWorkTree(layout) ? wayUp(layout) === '' : undefined;
}

/** Whether objects may be missing: what came from a partial clone's remote is marked so (https://git-scm.com/docs/partial-clone). */
export async function hasPromises({ objects }: Clone): Promise<boolean> {
  const packs = await readdir(join(objects, 'pack')).catch(() => []);
  return packs.some((name) => name.endsWith('.promisor'));
}

/** The commit, where a clone that lacks no contents has enough of it. */
export async function enoughIn(
  clone: Clone,
  { commit: id, historyDepth, deepens }: NeededCommit,
  { signal }: CallOptions,
): Promise<string | undefined> {
  const commit = await findCommit(clone.place, id, { signal, readers: clone.readers });
  if (commit === undefined || !deepens) return commit;
  return (await endsEarly(clone, { commit, historyDepth }, { signal })) ? undefined : commit;
}

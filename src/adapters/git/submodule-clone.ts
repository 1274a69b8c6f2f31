import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOptions } from '../../oci/content-store.ts';
import { openClone, type Clone } from './clone.ts';
import { runGit, type GitPlace } from './git-command.ts';

/** Keeps git from fetching what is missing: it would ask for objects one by one. */
const NO_PROTOCOL = 'none';

/**
 * Finds a submodule's commit, whole with its files, among the git folders that `git submodule update` made in the clone
 * that holds it; `undefined` where it is not there.
 */
export async function findSubmoduleClone(
  parent: Clone,
  { name, commit }: { readonly name: string; readonly commit: string },
  { signal }: CallOptions,
): Promise<Clone | undefined> {
  for (const folder of parent.modules.map((modules) => join(modules, name))) {
    if (!(await isFolder(folder))) continue;
    // Its own setting of the work tree leads to a folder that need not be there.
    const environment = { GIT_DIR: folder, GIT_WORK_TREE: folder, GIT_ALLOW_PROTOCOL: NO_PROTOCOL };
    const { program, phase } = parent.place;
    const place: GitPlace = { program, phase, directory: folder, environment };
    if (await isWhole(place, commit, { signal })) return await openClone(place, { signal });
  }
  return undefined;
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function isWhole(place: GitPlace, commit: string, { signal }: CallOptions): Promise<boolean> {
  const args = ['rev-list', '--objects', '--quiet', '--max-count=1', '--end-of-options', commit];
  try {
    await runGit(place, args, { signal, purpose: `look for commit ${commit.slice(0, 12)}` });
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

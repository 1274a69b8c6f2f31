import { appendFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { hasNamed } from '../../kernel/tree-lookup.ts';
import { withDeadline } from '../../kernel/deadline.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { isAttributesFile } from './attributes.ts';
import { checkoutSettings, checkoutWorkers } from './checkout-workers.ts';
import type { CommitToLay } from './commit-to-lay.ts';
import { configText } from './config-text.ts';
import type { Difference } from './difference.ts';
import { runGit, saidBy, type GitPlace } from './git-command.ts';
import { indexInfo } from './index-info.ts';
import { LFS_ENVIRONMENT, lfsNotInTime, lfsSettings, toLfsFailure } from './lfs.ts';
import { borrowedObjects, type FilledFolder } from './pack-history.ts';

/** The form of the index follows the threads that write it. */
const READ_TREE = '-c index.threads=1 read-tree';

/**
 * Fills the work tree of a git folder with the files of a commit, or with those that a difference names, and its index
 * with all of the commit.
 */
export async function checkOut(
  { place, gitFolder, clone }: FilledFolder,
  { commit, lfs, fetchBoundMs, difference }: CommitToLay,
  { signal }: CallOptions,
): Promise<void> {
  const purpose = `check out commit ${commit.slice(0, 12)}`;
  if (difference !== undefined && lfs === 'pointers' && !difference.changed.values().some(isAttributesFile)) {
    await checkOutChanged(place, commit, difference, { signal, purpose });
    return;
  }
  if (difference !== undefined) await indexRest(place, difference, { signal, purpose });
  const workers = await workersFor(place, commit, difference, { signal });
  const args = [
    ...workers,
    ...READ_TREE.split(' '),
    ...(difference === undefined ? ['--reset'] : ['-m']),
    '-u',
    commit,
  ];
  if (lfs === 'pointers') {
    await runGit(place, args, { signal, purpose });
    return;
  }
  // git-lfs looks beside the objects that git borrows for what the clone has of its own. It takes the variables of git
  // along to a remote on this machine, so the folder must be found without them.
  const environment = { ...borrowedObjects(clone), ...LFS_ENVIRONMENT };
  await symlink(gitFolder, join(place.directory, '.git'));
  await appendFile(join(gitFolder, 'config'), configText(lfsSettings(`${gitFolder}.lfs`)));
  // git-lfs waits for ever for a server that takes its request and does not answer.
  const bounded = withDeadline(signal, fetchBoundMs);
  try {
    await runGit({ ...place, environment }, args, { signal: bounded, purpose });
  } catch (thrown) {
    signal.throwIfAborted();
    if (bounded.aborted) throw lfsNotInTime(place, fetchBoundMs);
    throw await toLfsFailure(thrown, place, saidBy(thrown), { signal });
  }
}

/** Without any `.gitattributes` there are no encodings, and git need not be asked for them. */
async function workersFor(
  place: GitPlace,
  commit: string,
  difference: Difference | undefined,
  { signal }: CallOptions,
): Promise<readonly string[]> {
  const isPlain = difference !== undefined && !hasNamed(difference.listed, '.gitattributes');
  return isPlain ? checkoutWorkers(0) : await checkoutSettings(place, commit, { signal });
}

/**
 * Lists the commit in the index and lays the changed files alone. Their attributes are those of the index, for no
 * `.gitattributes` lies in the work tree, which would be asked first.
 */
async function checkOutChanged(
  place: GitPlace,
  commit: string,
  difference: Difference,
  call: CallOptions & { readonly purpose: string },
): Promise<void> {
  await runGit(place, [...READ_TREE.split(' '), commit], call);
  const workers = await workersFor(place, commit, difference, call);
  const input = Buffer.from(Array.from(difference.changed, (path) => `${path}\0`).join(''), 'latin1');
  await runGit(place, [...workers, 'checkout-index', '-z', '--stdin'], { ...call, input });
}

/**
 * Makes the index list what lies in the checkout already, without looking there. A merge (`read-tree -m`) takes what it
 * finds in the index for laid and lays the rest, by the attributes of the whole commit.
 */
async function indexRest(
  place: GitPlace,
  { listed, changed }: Difference,
  call: CallOptions & { readonly purpose: string },
): Promise<void> {
  const args = ['-c', 'index.threads=1', 'update-index', '-z', '--index-info'];
  await runGit(place, args, { ...call, input: indexInfo(listed, changed) });
}

import { appendFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckoutRequest } from '../../build/source-tree.ts';
import { hasNamed } from '../../kernel/tree-lookup.ts';
import { both } from '../../kernel/both.ts';
import { withDeadline } from '../../kernel/deadline.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { SOURCE_MTIME } from '../../oci/tar-times.ts';
import { checkoutSettings, checkoutWorkers } from './checkout-workers.ts';
import { cutOf } from './clone-history.ts';
import type { Clone } from './clone.ts';
import { configText, type ConfigSection } from './config-text.ts';
import type { Difference } from './difference.ts';
import { runGit, saidBy, type GitPlace } from './git-command.ts';
import { writeGitFolder } from './git-folder.ts';
import { indexInfo } from './index-info.ts';
import { canonicalIndex, type IndexForm, type IndexListing } from './index-file.ts';
import {
  countLfsFiles,
  LFS_ENVIRONMENT,
  LFS_FILTER,
  lfsNotInTime,
  lfsSettings,
  toLfsFailure,
  type LfsMode,
} from './lfs.ts';
import { borrowedObjects, packHistory, packMissing, type FilledFolder } from './pack-history.ts';
import { verifyLfsFiles } from './verify-lfs.ts';

/** A commit to be laid down, of the repository itself or of a submodule. */
export interface CommitToLay extends CheckoutRequest {
  /** Where the files of a submodule lie, as seen from its git folder. */
  readonly worktree?: string;
  readonly lfs: LfsMode;
  /** Milliseconds after which contents of Git LFS that have not come are given up. */
  readonly fetchBoundMs: number;
  /** What an earlier checkout has already; by default nothing. */
  readonly difference?: Difference;
}

/** A commit's files and its git folder, apart, in a temporary folder. */
export interface LaidCommit {
  readonly tree: string;
  readonly gitFolder: string;
  /** The commits behind which its history is cut. */
  readonly cut: readonly string[];
  readonly index: IndexListing;
  /** What was laid of it; all where absent. */
  readonly difference?: Difference;
  /** How many files are Git LFS's. */
  readonly lfsFiles: number;
}

/** The form of the index follows the threads that write it. */
const READ_TREE = '-c index.threads=1 read-tree';

/**
 * Fills an empty folder with the files of a commit and what is to be their `.git`, all bytes following from the request.
 * With a difference only the files that an earlier checkout has otherwise and the objects that it lacks are there; the
 * index is whole.
 */
export async function layCommit(
  folder: string,
  clone: Clone,
  request: CommitToLay,
  { signal }: CallOptions,
): Promise<LaidCommit> {
  const tree = join(folder, 'tree');
  const gitFolder = join(folder, 'git');
  for (const each of [tree, gitFolder]) await mkdir(each, { recursive: true });
  const place = placeIn(tree, gitFolder, clone, request);
  const cut = await cutOf(clone, request, { signal });
  const { worktree, ...content } = { ...request, format: clone.format, shallow: cut };
  await writeGitFolder(gitFolder, content);
  await fillAndCheckOut({ place, gitFolder, clone }, request, { signal });
  await writeGitFolder(gitFolder, { ...content, ...(worktree === undefined ? {} : { worktree }) });
  const lfsFiles = await checkLfsFiles(place, request, { signal });
  const index = await settleIndex(gitFolder, clone, request.difference);
  const { difference } = request;
  const only = difference === undefined ? {} : { difference };
  const laid = { tree, gitFolder, cut, lfsFiles, index, ...only };
  if (lfsFiles > 0 && request.lfs === 'contents') await addSettings(laid, [LFS_FILTER]);
  return laid;
}

/** A whole checkout is made from its own pack alone; a difference needs objects too that it does not hold. */
function placeIn(tree: string, gitFolder: string, clone: Clone, { difference }: CommitToLay): GitPlace {
  const { program, phase } = clone.place;
  const borrowed = difference === undefined ? {} : borrowedObjects(clone);
  const environment = { GIT_DIR: gitFolder, GIT_WORK_TREE: tree, ...borrowed };
  return { program, phase, directory: tree, environment };
}

/** A whole checkout is made from its pack; what a difference lays comes from the clone, beside that. */
async function fillAndCheckOut(
  folder: FilledFolder,
  request: CommitToLay,
  { signal }: CallOptions,
): Promise<void> {
  const { commit, difference } = request;
  const checksOut = async (): Promise<void> => await checkOut(folder, request, { signal });
  if (difference === undefined) {
    await packHistory(folder, commit, { signal });
    await checksOut();
  } else await both(packMissing(folder, commit, difference.objects, { signal }), checksOut());
}

async function checkLfsFiles(
  place: GitPlace,
  { lfs, difference }: CommitToLay,
  { signal }: CallOptions,
): Promise<number> {
  const mentions = difference === undefined || hasNamed(difference.listed, '.gitattributes');
  const count = mentions ? await countLfsFiles(place, { signal }) : 0;
  const isLaid = (path: string): boolean => difference?.changed.has(path) ?? true;
  if (count > 0 && lfs === 'contents') await verifyLfsFiles(place, isLaid, { signal });
  return count;
}

/** Adds sections to the configuration of a laid commit. */
export async function addSettings(
  { gitFolder }: LaidCommit,
  sections: readonly ConfigSection[],
): Promise<void> {
  await appendFile(join(gitFolder, 'config'), configText(sections));
}

async function settleIndex(
  gitFolder: string,
  { format }: Clone,
  difference: Difference | undefined,
): Promise<IndexListing> {
  const file = join(gitFolder, 'index');
  const form = { format, mtime: SOURCE_MTIME };
  const more: Partial<IndexForm> =
    difference === undefined ? {} : { sizeOf: (path, place) => difference.sizeOf(path, place) };
  const { bytes, ...listing } = canonicalIndex(await readFile(file), { ...form, ...more });
  await writeFile(file, bytes);
  return listing;
}

async function checkOut(
  { place, gitFolder, clone }: FilledFolder,
  { commit, lfs, fetchBoundMs, difference }: CommitToLay,
  { signal }: CallOptions,
): Promise<void> {
  const purpose = `check out commit ${commit.slice(0, 12)}`;
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

/** A handful of files is not worth workers, and a listing without `.gitattributes` is not worth a look. */
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

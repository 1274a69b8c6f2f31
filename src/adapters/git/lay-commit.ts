import { appendFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckoutRequest } from '../../build/source-tree.ts';
import { withDeadline } from '../../kernel/deadline.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { SOURCE_MTIME } from '../../oci/tar-times.ts';
import { checkoutSettings } from './checkout-workers.ts';
import { cutOf } from './clone-history.ts';
import type { Clone } from './clone.ts';
import { configText, type ConfigSection } from './config-text.ts';
import type { Difference } from './difference.ts';
import { runGit, saidBy, type GitPlace } from './git-command.ts';
import { writeGitFolder } from './git-folder.ts';
import { canonicalIndex, type IndexEntry } from './index-file.ts';
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
  /** What its index lists. */
  readonly index: readonly IndexEntry[];
  /** The files and links that were laid; all where absent. */
  readonly changed?: ReadonlySet<string>;
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
  await fillPack({ place, gitFolder, clone }, request, { signal });
  await checkOut(place, gitFolder, clone, request, { signal });
  await writeGitFolder(gitFolder, { ...content, ...(worktree === undefined ? {} : { worktree }) });
  const lfsFiles = await checkLfsFiles(place, request, { signal });
  const index = await settleIndex(gitFolder, clone, request.difference);
  const { difference } = request;
  const only = difference === undefined ? {} : { changed: difference.changed };
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

async function fillPack(
  folder: FilledFolder,
  { commit, difference }: CommitToLay,
  { signal }: CallOptions,
): Promise<void> {
  if (difference === undefined) await packHistory(folder, commit, { signal });
  else await packMissing(folder, commit, difference.objects, { signal });
}

async function checkLfsFiles(
  place: GitPlace,
  { lfs, difference }: CommitToLay,
  { signal }: CallOptions,
): Promise<number> {
  const count = await countLfsFiles(place, { signal });
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
): Promise<readonly IndexEntry[]> {
  const file = join(gitFolder, 'index');
  const form = { format, mtime: SOURCE_MTIME };
  const more = difference === undefined ? {} : { sizeOf: (path: string) => difference.sizeOf(path) };
  const { bytes, entries } = canonicalIndex(await readFile(file), { ...form, ...more });
  await writeFile(file, bytes);
  return entries;
}

async function checkOut(
  place: GitPlace,
  gitFolder: string,
  clone: Clone,
  { commit, lfs, fetchBoundMs, difference }: CommitToLay,
  { signal }: CallOptions,
): Promise<void> {
  const purpose = `check out commit ${commit.slice(0, 12)}`;
  if (difference !== undefined) await indexRest(place, commit, difference, { signal, purpose });
  const workers = await checkoutSettings(place, commit, { signal });
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

/**
 * Makes the index list what lies in the checkout already, without looking there. A merge (`read-tree -m`) takes what it
 * finds in the index for laid and lays the rest, by the attributes of the whole commit.
 */
async function indexRest(
  place: GitPlace,
  commit: string,
  { changed }: Difference,
  call: CallOptions & { readonly purpose: string },
): Promise<void> {
  await runGit(place, [...READ_TREE.split(' '), commit], call);
  const input = Buffer.from([...changed].map((path) => `${path}\0`).join(''), 'latin1');
  await runGit(place, ['update-index', '--force-remove', '-z', '--stdin'], { ...call, input });
}

import { appendFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckoutRequest } from '../../build/source-tree.ts';
import { withDeadline } from '../../kernel/deadline.ts';
import { messageOf, PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { SOURCE_MTIME } from '../../oci/tar-times.ts';
import { hasPromises } from './clone-gaps.ts';
import { cutOf } from './clone-history.ts';
import type { Clone } from './clone.ts';
import { configText, type ConfigSection } from './config-text.ts';
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
import { quotedPath } from './quoted-path.ts';
import { verifyLfsFiles } from './verify-lfs.ts';

/** A commit to be laid down, of the repository itself or of a submodule. */
export interface CommitToLay extends CheckoutRequest {
  /** Where the files of a submodule lie, as seen from its git folder. */
  readonly worktree?: string;
  readonly lfs: LfsMode;
  /** Milliseconds after which contents of Git LFS that have not come are given up. */
  readonly fetchBoundMs: number;
}

/** A commit's files and its git folder, apart, in a temporary folder. */
export interface LaidCommit {
  readonly tree: string;
  readonly gitFolder: string;
  /** What its index lists. */
  readonly index: readonly IndexEntry[];
  /** How many files are Git LFS's. */
  readonly lfsFiles: number;
}

/** Files are written by as many workers as there are cores; the index, whose form follows the threads, by one. */
const READ_TREE = '-c checkout.workers=0 -c index.threads=1 read-tree --reset -u';

/** Fills an empty folder with the files of a commit and what is to be their `.git`, all bytes following from the request. */
export async function layCommit(
  folder: string,
  clone: Clone,
  request: CommitToLay,
  { signal }: CallOptions,
): Promise<LaidCommit> {
  const tree = join(folder, 'tree');
  const gitFolder = join(folder, 'git');
  for (const each of [tree, gitFolder]) await mkdir(each, { recursive: true });
  const place: GitPlace = {
    program: clone.place.program,
    phase: clone.place.phase,
    directory: tree,
    environment: { GIT_DIR: gitFolder, GIT_WORK_TREE: tree },
  };
  const shallow = await cutOf(clone, request, { signal });
  const { worktree, ...content } = { ...request, format: clone.format, shallow };
  await writeGitFolder(gitFolder, content);
  await packObjects(place, gitFolder, clone, request.commit, { signal });
  await checkOut(place, gitFolder, clone, request, { signal });
  await writeGitFolder(gitFolder, { ...content, ...(worktree === undefined ? {} : { worktree }) });
  const lfsFiles = await countLfsFiles(place, { signal });
  if (lfsFiles > 0 && request.lfs === 'contents') await verifyLfsFiles(place, { signal });
  const laid = { tree, gitFolder, lfsFiles, index: await settleIndex(gitFolder, clone) };
  if (lfsFiles > 0 && request.lfs === 'contents') await addSettings(laid, [LFS_FILTER]);
  return laid;
}

/** Adds sections to the configuration of a laid commit. */
export async function addSettings(
  { gitFolder }: LaidCommit,
  sections: readonly ConfigSection[],
): Promise<void> {
  await appendFile(join(gitFolder, 'config'), configText(sections));
}

async function settleIndex(gitFolder: string, { format }: Clone): Promise<readonly IndexEntry[]> {
  const file = join(gitFolder, 'index');
  const { bytes, entries } = canonicalIndex(await readFile(file), { format, mtime: SOURCE_MTIME });
  await writeFile(file, bytes);
  return entries;
}

async function checkOut(
  place: GitPlace,
  gitFolder: string,
  clone: Clone,
  { commit, lfs, fetchBoundMs }: CommitToLay,
  { signal }: CallOptions,
): Promise<void> {
  const purpose = `check out commit ${commit.slice(0, 12)}`;
  const args = [...READ_TREE.split(' '), commit];
  if (lfs === 'pointers') {
    await runGit(place, args, { signal, purpose });
    return;
  }
  // git-lfs looks beside the objects that git borrows for what the clone has of its own. It takes the variables of git
  // along to a remote on this machine, so the folder must be found without them.
  const environment = { ...borrowing(clone), ...LFS_ENVIRONMENT };
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
 * Equal histories become equal packs, however the clone keeps its objects and whatever it has precomputed. A window of
 * 3 finds what git's 10 finds in half the time: versions of a file lie side by side, and nothing else is worth a delta.
 */
const PACK_OBJECTS =
  '-c core.commitGraph=false -c core.multiPackIndex=false -c pack.useBitmaps=false -c pack.writeReverseIndex=false ' +
  'pack-objects --revs --quiet --threads=1 --window=3 --no-reuse-delta --no-reuse-object';

/**
 * Packs what the cut history of `commit` reaches. One thread, and no delta or compressed object taken over from the
 * clone's packs: the bytes follow from the objects and git's version alone.
 */
async function packObjects(
  place: GitPlace,
  gitFolder: string,
  clone: Clone,
  commit: string,
  { signal }: CallOptions,
): Promise<void> {
  const environment = { ...place.environment, ...borrowing(clone) };
  const packs = join(gitFolder, 'objects', 'pack', 'pack');
  const purpose = `pack the history of commit ${commit.slice(0, 12)}`;
  const call = { signal, purpose, input: `${commit}\n` };
  try {
    await runGit({ ...place, environment }, [...PACK_OBJECTS.split(' '), packs], call);
  } catch (thrown) {
    const isMissing = /unable to read|bad (tree )?object|could not (fetch|read)/.test(messageOf(thrown));
    throw isMissing && (await hasPromises(clone)) ? incomplete(purpose, place, thrown) : thrown;
  }
}

function incomplete(purpose: string, { phase }: GitPlace, cause: unknown): PreheatError {
  return new PreheatError(`cannot ${purpose}: the clone is a partial one and lacks some of its objects`, {
    phase,
    hint: 'Clone without --filter (in bitbucket-pipelines.yml: without filter: under clone:).',
    cause,
  });
}

function borrowing({ objects }: Clone): Readonly<Record<string, string>> {
  return { GIT_ALTERNATE_OBJECT_DIRECTORIES: quotedPath(objects) };
}

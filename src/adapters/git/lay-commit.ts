import { lstatSync } from 'node:fs';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { both } from '../../kernel/both.ts';
import type { Bytes } from '../../kernel/compare-bytes.ts';
import { hasNamed } from '../../kernel/tree-lookup.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { SOURCE_MTIME } from '../../oci/tar-times.ts';
import { checkOut } from './check-out.ts';
import { cutOf } from './clone-history.ts';
import type { Clone } from './clone.ts';
import type { CommitToLay } from './commit-to-lay.ts';
import { configText, type ConfigSection } from './config-text.ts';
import type { Difference } from './difference.ts';
import type { GitPlace } from './git-command.ts';
import { writeGitFolder } from './git-folder.ts';
import { canonicalIndex, type IndexForm, type IndexListing } from './index-file.ts';
import { countLfsFiles, LFS_FILTER } from './lfs.ts';
import { borrowedObjects, packHistory, packMissing, type FilledFolder } from './pack-history.ts';
import { verifyLfsFiles } from './verify-lfs.ts';

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
  const index = await settleIndex({ tree, gitFolder }, clone, request.difference);
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

/** The index tells the sizes of files that were laid only where git wrote them down. */
async function settleIndex(
  { tree, gitFolder }: Pick<LaidCommit, 'tree' | 'gitFolder'>,
  { format }: Clone,
  difference: Difference | undefined,
): Promise<IndexListing> {
  const file = join(gitFolder, 'index');
  const form = { format, mtime: SOURCE_MTIME };
  const more: Partial<IndexForm> =
    difference === undefined
      ? {}
      : { sizeOf: (path, at) => difference.sizeOf(path, at) ?? lstatSync(laidPath(tree, path)).size };
  const { bytes, ...listing } = canonicalIndex(await readFile(file), { ...form, ...more });
  await writeFile(file, bytes);
  return listing;
}

function laidPath(tree: string, [bytes, from, to]: Bytes): Buffer {
  return Buffer.concat([Buffer.from(`${tree}/`), bytes.subarray(from, to)]);
}

import { posix } from 'node:path';
import { both } from '../../kernel/both.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { CommitFacts } from '../../observe/facts.ts';
import type { Repository } from '../../observe/repository.ts';
import { cutOf } from './clone-history.ts';
import { describeSubmodules } from './describe-submodules.ts';
import type { SourceTreeOptions } from './laying-options.ts';
import { openClone } from './clone.ts';
import { findEntryOf } from './find-entry.ts';
import { firstInLine, ID_DIGITS, liesCloseBehind } from './near-history.ts';
import { readObject, withReaders } from './object-readers.ts';
import { isRegularFile } from './tree-object.ts';
import { askGit, gitPlaceIn, runGit, type GitPlace } from './git-command.ts';

export interface RepositoryOptions extends Pick<
  SourceTreeOptions,
  'git' | 'submodules' | 'lfs' | 'readers'
> {}

/** Reads from the clone in (or above) `directory` with the git program. Nothing is contacted before the first call. */
export function openRepository(directory: string, options: RepositoryOptions = {}): Repository {
  const place = async (): Promise<GitPlace> => await gitPlaceIn(directory, 'observe', options.git);
  return {
    resolveCommit: async (commitish, call) => await resolveCommit(await place(), commitish, options, call),
    isAncestor: async (ancestor, descendant, call) =>
      await isAncestor(await place(), ancestor, descendant, options, call),
    nearestAncestor: async (commit, candidates, call) =>
      await nearestAncestor(await place(), commit, candidates, options, call),
    names: async (commit, folder, call) => await names(await place(), commit, folder, call),
    readFile: async (commit, path, call) => await readFile(await place(), commit, path, options, call),
  };
}

async function resolveCommit(
  place: GitPlace,
  commitish: string,
  { submodules = 'recursive', lfs, readers: given }: RepositoryOptions,
  { signal, historyDepth }: CallOptions & { readonly historyDepth: number },
): Promise<CommitFacts | undefined> {
  if (/[\n\0]/.test(commitish)) return undefined;
  const purpose = `read the commit ${JSON.stringify(commitish)}`;
  return await withReaders(given, async (readers) => {
    const wanted = [`${commitish}^{commit}`, `${commitish}^{tree}`];
    const [[commit, tree], clone] = await both(
      readers.read(place, wanted, { signal, purpose }),
      openClone(place, { signal, readers }),
    );
    if (commit?.type !== 'commit' || tree?.type !== 'tree') return undefined;
    const { id } = commit;
    const cut = await cutOf(clone, { commit: id, historyDepth }, { signal });
    const described =
      submodules === 'recursive' ? await describeSubmodules(place, id, { signal, readers }) : [];
    return {
      id,
      tree: tree.id,
      cut: [...cut],
      ...(described.length === 0 ? {} : { submodules: described }),
      ...(lfs === 'contents' ? { lfs } : {}),
    };
  });
}

async function isAncestor(
  place: GitPlace,
  ancestor: string,
  descendant: string,
  { readers: given }: RepositoryOptions,
  { signal }: CallOptions,
): Promise<boolean> {
  const call = { signal, purpose: `compare commit ${ancestor.slice(0, 12)} with ${descendant.slice(0, 12)}` };
  return await withReaders(given, async (readers) => {
    const found = await readers.read(place, [ancestor, descendant], call);
    if (found.some((object) => object?.type !== 'commit')) return false;
    // The usual case is a branch that has just moved on.
    if (await liesCloseBehind(descendant, ancestor, readers, place, call)) return false;
    const args = ['merge-base', '--is-ancestor', '--end-of-options', ancestor, descendant];
    return (await askGit(place, args, call)) !== undefined;
  });
}

/** As far back as is looked for: the newest of thousands of commits are listed in a few hundredths of a second. */
const MOST_COMMITS = 5000;

async function nearestAncestor(
  place: GitPlace,
  commit: string,
  candidates: ReadonlySet<string>,
  { readers: given }: RepositoryOptions,
  { signal }: CallOptions,
): Promise<string | undefined> {
  const call = { signal, purpose: `read the history of commit ${commit.slice(0, 12)}` };
  const close = await withReaders(
    given,
    async (readers) =>
      await firstInLine(commit, candidates, readers, await openClone(place, { signal }), call),
  );
  if (close !== undefined) return close;
  const args = ['rev-list', `--max-count=${MOST_COMMITS}`, '--end-of-options', commit];
  const listed = await runGit(place, args, call);
  return listed
    .toString('latin1')
    .split('\n')
    .map((id) => id.slice(0, ID_DIGITS))
    .find((id) => candidates.has(id));
}

async function names(
  place: GitPlace,
  commit: string,
  folder: string,
  { signal }: CallOptions,
): Promise<readonly string[]> {
  const purpose = `list ${folder === '' ? 'the root' : folder} of commit ${commit.slice(0, 12)}`;
  const below = folder === '' ? [] : [`${folder}/`];
  const args = ['ls-tree', '-z', '--name-only', '--full-tree', '--end-of-options', commit, ...below];
  const listing = await runGit(place, args, { signal, purpose });
  return listing
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '')
    .map((path) => posix.basename(path));
}

async function readFile(
  place: GitPlace,
  commit: string,
  given: string,
  options: RepositoryOptions,
  { signal }: CallOptions,
): Promise<string | undefined> {
  const path = posix.normalize(given);
  if (/^(?:\/|\.\.(?:\/|$))/.test(path)) return undefined;
  const call = { signal, purpose: `read ${path} of commit ${commit.slice(0, 12)}` };
  return await withReaders(options.readers, async (readers) => {
    const entry = await findEntryOf(readers, place, commit, path, call);
    if (entry === undefined || !isRegularFile(entry.mode)) return undefined;
    return (await readObject(readers, place, entry.id, call)).content.toString('utf8');
  });
}

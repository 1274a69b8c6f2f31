import { posix } from 'node:path';
import type { CallOptions } from '../../oci/content-store.ts';
import type { CommitFacts } from '../../observe/facts.ts';
import type { Repository } from '../../observe/repository.ts';
import { cutOf } from './clone-history.ts';
import { describeSubmodules } from './describe-submodules.ts';
import type { SourceTreeOptions } from './laying-options.ts';
import { openClone } from './clone.ts';
import { askGit, gitPlaceIn, runGit, type GitPlace } from './git-command.ts';

export interface RepositoryOptions extends Pick<SourceTreeOptions, 'git' | 'submodules' | 'lfs'> {}

/** Reads from the clone in (or above) `directory` with the git program. Nothing is contacted before the first call. */
export function openRepository(directory: string, options: RepositoryOptions = {}): Repository {
  const place = async (): Promise<GitPlace> => await gitPlaceIn(directory, 'observe', options.git);
  return {
    resolveCommit: async (commitish, call) => await resolveCommit(await place(), commitish, options, call),
    isAncestor: async (ancestor, descendant, call) =>
      await isAncestor(await place(), ancestor, descendant, call),
    nearestAncestor: async (commit, candidates, call) =>
      await nearestAncestor(await place(), commit, candidates, call),
    names: async (commit, folder, call) => await names(await place(), commit, folder, call),
    readFile: async (commit, path, call) => await readFile(await place(), commit, path, call),
  };
}

async function resolveCommit(
  place: GitPlace,
  commitish: string,
  { submodules = 'recursive', lfs }: RepositoryOptions,
  { signal, historyDepth }: CallOptions & { readonly historyDepth: number },
): Promise<CommitFacts | undefined> {
  if (/[\n\0]/.test(commitish)) return undefined;
  const purpose = `read the commit ${JSON.stringify(commitish)}`;
  const [ids, clone] = await Promise.all([
    runGit(place, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
      signal,
      purpose,
      input: `${commitish}^{commit}\n${commitish}^{tree}\n`,
    }),
    openClone(place, { signal }),
  ]);
  const [, id, tree] =
    /^([0-9a-f]{40,64}) commit\n([0-9a-f]{40,64}) tree\n$/.exec(ids.toString('latin1')) ?? [];
  if (id === undefined || tree === undefined) return undefined;
  const [cut, described] = await Promise.all([
    cutOf(clone, { commit: id, historyDepth }, { signal }),
    submodules === 'recursive' ? describeSubmodules(place, id, { signal }) : [],
  ]);
  return {
    id,
    tree,
    cut: [...cut],
    ...(described.length === 0 ? {} : { submodules: described }),
    ...(lfs === 'contents' ? { lfs } : {}),
  };
}

async function isAncestor(
  place: GitPlace,
  ancestor: string,
  descendant: string,
  { signal }: CallOptions,
): Promise<boolean> {
  const purpose = `compare commit ${ancestor.slice(0, 12)} with ${descendant.slice(0, 12)}`;
  const has = await runGit(place, ['cat-file', '--batch-check=%(objecttype)'], {
    signal,
    purpose,
    input: `${ancestor}\n${descendant}\n`,
  });
  if (has.toString('latin1') !== 'commit\ncommit\n') return false;
  const args = ['merge-base', '--is-ancestor', '--end-of-options', ancestor, descendant];
  return (await askGit(place, args, { signal, purpose })) !== undefined;
}

/** As far back as is looked for: the newest of thousands of commits are listed in a few hundredths of a second. */
const MOST_COMMITS = 5000;

async function nearestAncestor(
  place: GitPlace,
  commit: string,
  candidates: ReadonlySet<string>,
  { signal }: CallOptions,
): Promise<string | undefined> {
  const purpose = `read the history of commit ${commit.slice(0, 12)}`;
  const args = ['rev-list', `--max-count=${MOST_COMMITS}`, '--end-of-options', commit];
  const listed = await runGit(place, args, { signal, purpose });
  return listed
    .toString('latin1')
    .split('\n')
    .map((id) => id.slice(0, 40))
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
  { signal }: CallOptions,
): Promise<string | undefined> {
  const path = posix.normalize(given);
  if (/^(?:\/|\.\.(?:\/|$))/.test(path)) return undefined;
  const purpose = `read ${path} of commit ${commit.slice(0, 12)}`;
  const listing = await runGit(place, ['ls-tree', '-z', '--full-tree', '--end-of-options', commit, path], {
    signal,
    purpose,
  });
  const id = regularFileIn(listing.toString('utf8'), path);
  if (id === undefined) return undefined;
  const content = await askGit(place, ['cat-file', 'blob', id], { signal, purpose });
  return content?.toString('utf8');
}

/** The object id of the regular file `path` in what `git ls-tree -z` prints: `<mode> blob <id>\t<path>\0`. */
function regularFileIn(listing: string, path: string): string | undefined {
  for (const line of listing.split('\0')) {
    const [, id, name] = /^100(?:644|755|664) blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    if (name === path) return id;
  }
  return undefined;
}

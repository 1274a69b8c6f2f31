import type { CommitFacts } from '../../observe/facts.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { runGit, type GitPlace } from './git-command.ts';
import type { ObjectReaders } from './object-readers.ts';
import { readGitmodules } from './gitmodules.ts';

type SubmoduleFacts = NonNullable<CommitFacts['submodules']>;

/** What a commit's `.gitmodules` and its tree say of submodules, in the order of their paths. */
export async function describeSubmodules(
  place: GitPlace,
  commit: string,
  { signal, readers }: CallOptions & { readonly readers?: ObjectReaders | undefined },
): Promise<SubmoduleFacts> {
  const modules = await readGitmodules(place, commit, { signal, readers });
  if (modules.size === 0) return [];
  const purpose = `read the submodules of commit ${commit.slice(0, 12)}`;
  const paths = [...modules.keys()].toSorted();
  const args = ['ls-tree', '-z', '--full-tree', '--end-of-options', commit, ...paths];
  const listed = (await runGit(place, args, { signal, purpose })).toString('utf8');
  return [...listed.matchAll(/160000 commit ([0-9a-f]+)\t([^\0]+)\0/g)].map(([, id = '', path = '']) => {
    const module = modules.get(path);
    return { path, commit: id, laid: module?.url !== undefined && module.update !== 'none' };
  });
}

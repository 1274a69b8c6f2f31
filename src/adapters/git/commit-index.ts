import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOptions } from '../../oci/content-store.ts';
import type { Clone } from './clone.ts';
import { runGit, type GitPlace } from './git-command.ts';
import { quotedPath } from './quoted-path.ts';
import { repositoryConfig } from './repository-config.ts';
import type { OpenFolder } from './temporary-folder.ts';

/** An index that lists a commit, with a work tree that is empty, in a temporary folder that goes away with it. */
export interface CommitIndex extends AsyncDisposable {
  /** Where git works with them. */
  readonly place: GitPlace;
  /** The work tree. */
  readonly top: string;
}

/**
 * Makes an index of a commit beside its clone: with the clone's objects, and without its configuration and
 * `.git/info/attributes`, so that attributes are those of the commit alone.
 */
export async function indexCommit(
  clone: Clone,
  commit: string,
  { signal, openFolder }: CallOptions & { readonly openFolder: OpenFolder },
): Promise<CommitIndex> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await openFolder('context'));
  const [gitFolder, top] = [join(folder.path, 'git'), join(folder.path, 'tree')];
  for (const name of ['objects', 'refs']) await mkdir(join(gitFolder, name), { recursive: true });
  await mkdir(top);
  await writeFile(join(gitFolder, 'HEAD'), `${commit}\n`);
  await writeFile(join(gitFolder, 'config'), repositoryConfig(clone.format));
  const place: GitPlace = {
    ...clone.place,
    directory: top,
    trusted: top,
    environment: {
      GIT_DIR: gitFolder,
      GIT_WORK_TREE: top,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: quotedPath(clone.objects),
    },
  };
  const purpose = `list commit ${commit.slice(0, 12)}`;
  await runGit(place, ['-c', 'index.threads=1', 'read-tree', commit], { signal, purpose });
  const owned = stack.move();
  return { place, top, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}

import { mkdir, mkdtempDisposable, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallOptions } from '../../oci/content-store.ts';
import type { Clone } from './clone.ts';
import { configText } from './config-text.ts';
import { runGit, type GitPlace } from './git-command.ts';

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
  { signal }: CallOptions,
): Promise<CommitIndex> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(await realpath(tmpdir()), 'preheat-context-')));
  const [gitFolder, top] = [join(folder.path, 'git'), join(folder.path, 'tree')];
  for (const name of ['objects', 'refs']) await mkdir(join(gitFolder, name), { recursive: true });
  await mkdir(top);
  await writeFile(join(gitFolder, 'HEAD'), `${commit}\n`);
  await writeFile(join(gitFolder, 'config'), configOf(clone));
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

function configOf({ format }: Clone): string {
  const core = { filemode: 'true', bare: 'false' };
  const version = { repositoryformatversion: format === 'sha1' ? '0' : '1' };
  return configText([
    { name: 'core', values: { ...version, ...core } },
    ...(format === 'sha256' ? [{ name: 'extensions', values: { objectFormat: format } }] : []),
  ]);
}

/** A path in a list in which colons part: https://git-scm.com/docs/git#Documentation/git.txt-GITALTERNATEOBJECTDIRECTORIES */
function quotedPath(path: string): string {
  return `"${path.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

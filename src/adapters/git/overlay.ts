import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CallOptions } from '../../oci/content-store.ts';
import { openClone, type Clone } from './clone.ts';
import type { GitPlace } from './git-command.ts';
import { quotedPath } from './quoted-path.ts';
import { repositoryConfig } from './repository-config.ts';

/** What an overlay takes of a clone: everything, or only what git does not keep among its objects. */
export type Borrowed = 'objects' | 'nothing';

const FOLDERS = ['objects/info', 'objects/pack', 'refs'];

/**
 * Makes a repository in an empty folder that has what a clone has, and takes what the clone lacks: objects by
 * `objects/info/alternates`, where its history ends by a `shallow` file of its own. It has no remote, so that no git of
 * any version fetches an object unasked (`GIT_NO_LAZY_FETCH` came with 2.45), and no refs but those that are fetched
 * into it. It finds the clone's git folders of submodules and its contents of Git LFS.
 */
export async function layOverlay(
  folder: string,
  clone: Clone | undefined,
  borrowed: Borrowed,
  { signal, ...whose }: Pick<GitPlace, 'program' | 'phase'> & CallOptions,
): Promise<Clone> {
  const gitFolder = join(folder, '.git');
  for (const name of FOLDERS) await mkdir(join(gitFolder, name), { recursive: true });
  await writeFile(join(gitFolder, 'HEAD'), 'ref: refs/heads/none\n');
  await writeFile(join(gitFolder, 'config'), repositoryConfig(clone?.format ?? 'sha1'));
  if (clone !== undefined) await linkContents(gitFolder, clone);
  if (clone !== undefined && borrowed === 'objects') await borrowObjects(gitFolder, clone);
  return await openClone({ ...whose, directory: folder, trusted: folder }, { signal });
}

async function borrowObjects(gitFolder: string, { objects, ends }: Clone): Promise<void> {
  await writeFile(join(gitFolder, 'objects/info/alternates'), `${quotedPath(objects)}\n`);
  if (ends.size > 0) await writeFile(join(gitFolder, 'shallow'), [...ends, ''].join('\n'));
}

async function linkContents(gitFolder: string, { objects, modules }: Clone): Promise<void> {
  const folder = modules.find((each) => existsSync(each));
  if (folder !== undefined) await symlink(folder, join(gitFolder, 'modules'));
  // git-lfs looks beside the objects that are borrowed.
  const lfs = join(dirname(objects), 'lfs');
  if (existsSync(lfs)) await symlink(lfs, join(gitFolder, 'lfs'));
}

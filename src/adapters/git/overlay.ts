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

export interface OverlayOptions extends Pick<GitPlace, 'program' | 'phase'>, CallOptions {
  /** The folder of this machine that the clone came from; relative addresses of submodules are relative to it. */
  readonly localOrigin: string | undefined;
}

const FOLDERS = ['objects/info', 'objects/pack', 'refs'];

/**
 * Makes a repository in an empty folder that has what a clone has, and takes what the clone lacks: objects by
 * `objects/info/alternates`, where its history ends by a `shallow` file of its own. No git of any version
 * fetches an object unasked there (`GIT_NO_LAZY_FETCH` came with 2.45), and it has no refs but those that are fetched
 * into it. It finds the clone's git folders of submodules and its contents of Git LFS.
 */
export async function layOverlay(
  folder: string,
  clone: Clone | undefined,
  borrowed: Borrowed,
  { program, phase, localOrigin, signal }: OverlayOptions,
): Promise<Clone> {
  const gitFolder = join(folder, '.git');
  for (const name of FOLDERS) await mkdir(join(gitFolder, name), { recursive: true });
  await writeFile(join(gitFolder, 'HEAD'), 'ref: refs/heads/none\n');
  await writeFile(join(gitFolder, 'config'), repositoryConfig(clone?.format ?? 'sha1', localOrigin));
  if (clone !== undefined) await linkContents(gitFolder, clone);
  if (clone !== undefined && borrowed === 'objects') await borrowObjects(gitFolder, clone);
  return await openClone({ program, phase, directory: folder, trusted: folder }, { signal });
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

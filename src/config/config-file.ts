import { basename, dirname } from 'node:path/posix';
import { pathBelow } from './path-below.ts';
import { quoted } from './printable.ts';

/** Those of Gitpod's own language. */
export const GITPOD_FILE_NAMES = ['.gitpod.yml', '.gitpod'] as const;

/** In whose folders a configuration may lie too, where none of {@link CONFIG_FILE_NAMES} is there. */
export const DEVCONTAINER_FOLDER = '.devcontainer';

/** The paths at which a repository may have its configuration; the first one found counts. */
export const CONFIG_FILE_NAMES = [
  ...GITPOD_FILE_NAMES,
  `${DEVCONTAINER_FOLDER}/devcontainer.json`,
  '.devcontainer.json',
] as const;

/** A configuration as it was found. */
export interface ConfigFile {
  /** From the root of the repository, where that is known. */
  readonly path: string;
  readonly text: string;
}

/**
 * The paths at which the folders of {@link DEVCONTAINER_FOLDER}, given by their names, may have a configuration each; the
 * Dev Containers specification goes no deeper.
 */
export function nestedConfigPaths(names: readonly string[]): readonly string[] {
  return names.toSorted().map((name) => `${DEVCONTAINER_FOLDER}/${name}/devcontainer.json`);
}

/** A path from the root of a repository as people write it. Throws a `RangeError` for one that leads out of it. */
export function parseConfigPath(written: string): string {
  const path = pathBelow('/', written);
  if (path !== undefined && path !== '/') return path.slice(1);
  throw new RangeError(`${quoted(written)} is no path of a file in the repository`);
}

/** Whether a file of this name is read as the Dev Containers specification has it; all others are Gitpod's. */
export function isDevcontainerFile(path: string): boolean {
  return ['devcontainer.json', '.devcontainer.json'].includes(basename(path));
}

/** Where a file that lies at `path` on this machine lies in its repository, as far as its folders tell. */
export function pathInRepository(path: string): { readonly root: string; readonly file: string } {
  const names = path.split('/');
  const top = isDevcontainerFile(path) ? names.slice(0, -1).lastIndexOf(DEVCONTAINER_FOLDER) : -1;
  if (top === -1) return { root: dirname(path), file: basename(path) };
  return { root: names.slice(0, top).join('/') || '/', file: names.slice(top).join('/') };
}

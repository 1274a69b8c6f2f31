import { basename, dirname } from 'node:path/posix';

/** Those of Gitpod's own language. */
export const GITPOD_FILE_NAMES = ['.gitpod.yml', '.gitpod'] as const;

/** The paths at which a repository may have its configuration; the first one found counts. */
export const CONFIG_FILE_NAMES = [
  ...GITPOD_FILE_NAMES,
  '.devcontainer/devcontainer.json',
  '.devcontainer.json',
] as const;

/** A configuration as it was found. */
export interface ConfigFile {
  /** From the root of the repository, where that is known. */
  readonly path: string;
  readonly text: string;
}

/** Whether a file of this name is read as the Dev Containers specification has it; all others are Gitpod's. */
export function isDevcontainerFile(path: string): boolean {
  return ['devcontainer.json', '.devcontainer.json'].includes(basename(path));
}

/** Where a file that lies at `path` on this machine lies in its repository, as far as its folders tell. */
export function pathInRepository(path: string): { readonly root: string; readonly file: string } {
  const names = path.split('/');
  const top = isDevcontainerFile(path) ? names.slice(0, -1).lastIndexOf('.devcontainer') : -1;
  if (top === -1) return { root: dirname(path), file: basename(path) };
  return { root: names.slice(0, top).join('/') || '/', file: names.slice(top).join('/') };
}

import type { ContextFile } from '../../../build/build-context.ts';

/** Folders that a build may ask for, by the names that BuildKit's Dockerfile frontend gives them. */
export interface SessionFolders {
  readonly context: readonly ContextFile[];
  readonly dockerfile: readonly ContextFile[];
}

const IGNORE_FILE = '.dockerignore';

/**
 * The files of the folder that a transfer asks for. What it asks to leave out is not looked at: ignore files have been
 * applied before. Where it asks for the ignore file alone it gets no more, so that the context is sent once.
 */
export function filesFor(
  folders: SessionFolders,
  name: string | undefined,
  followed: readonly string[],
): readonly ContextFile[] {
  if (name === 'dockerfile') return folders.dockerfile;
  if (name !== 'context') throw new RangeError(`there is no folder ${JSON.stringify(name)}`);
  if (followed.length !== 1 || followed[0] !== IGNORE_FILE) return folders.context;
  return folders.context.filter(({ path }) => path === IGNORE_FILE);
}

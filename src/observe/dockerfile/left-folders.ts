import type { ContextEntry } from './context-tree.ts';

/** Mode of a folder in a tree. */
const FOLDER = 0o040000;

/** Whether it is a folder, with nothing in it that a build may see. */
export function isFolder({ mode }: Pick<ContextEntry, 'mode'>): boolean {
  return mode === FOLDER;
}

/**
 * The folders of which an ignore file leaves nothing but themselves (`logs/*`, `pre/**`): Docker sends them, empty, and
 * `COPY . .` makes them. `all` is everything below the context, `kept` what is not ignored.
 */
export function leftFolders(
  all: readonly ContextEntry[],
  kept: readonly ContextEntry[],
  isIgnored: (path: string) => boolean,
): readonly ContextEntry[] {
  const needless = foldersAbove(kept);
  return [...foldersAbove(all)]
    .filter((path) => !needless.has(path) && !isIgnored(path))
    .map((path) => ({ path, mode: FOLDER, id: '' }));
}

function foldersAbove(entries: readonly ContextEntry[]): Set<string> {
  const folders = new Set<string>();
  for (const { path } of entries) {
    for (
      let end = path.lastIndexOf('/');
      end > 0 && !folders.has(path.slice(0, end));
      end = path.lastIndexOf('/', end - 1)
    ) {
      folders.add(path.slice(0, end));
    }
  }
  return folders;
}

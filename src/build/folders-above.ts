import type { ListedPaths } from './carried-paths.ts';

/** The folders above some paths, in no order. */
export function foldersAbove(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

/**
 * The folders that carried layers need but do not describe. Docker makes each of them anew when it unpacks such a
 * layer, for root and with mode 0755, whatever the layers below say (moby, `archive.Unpack` into an empty folder).
 */
export function impliedFolders(carried: ListedPaths): ReadonlySet<string> {
  return new Set([...foldersAbove(carried.keys())].filter((folder) => !carried.has(folder)));
}

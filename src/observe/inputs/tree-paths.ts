import type { ContextEntry } from '../dockerfile/context-tree.ts';

/** What is known of links while a path is followed. */
export type ReadLink = (entry: ContextEntry) => Promise<string>;

/** Where a path leads in the tree of a commit, links followed. */
export interface Reached {
  /** The links that were met, in order. */
  readonly links: readonly ContextEntry[];
  /** `outside`: a link leads out of the repository, or in a circle. */
  readonly end: PlainEnd | { readonly kind: 'outside' };
}

/** What a path comes to. */
export type PlainEnd =
  | { readonly kind: 'entry'; readonly entry: ContextEntry }
  /** A file, link or submodule that has nothing below it in this tree, though the path goes on. */
  | { readonly kind: 'beyond'; readonly entry: ContextEntry }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'absent'; readonly ancestor: string };

export const LINK = 0o120000;
export const SUBMODULE = 0o160000;
/** As many as Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;

/** The tree of a commit by its paths. */
export interface TreePaths {
  readonly entries: readonly ContextEntry[];
  /** What lies at a path, or stands in its way; links are not followed. */
  at(path: string): PlainEnd;
  /** Follows a path name by name, as a kernel does. */
  reach(path: string, readLink: ReadLink): Promise<Reached>;
}

/** Makes a tree out of its listing, which holds no folders. */
export function treePaths(entries: readonly ContextEntry[]): TreePaths {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const folders = new Set(entries.flatMap(({ path }) => foldersAbove(path)));
  return {
    entries,
    at: (path) => endAt(path, byPath, folders),
    reach: async (path, readLink) => await reach(path.split('/'), { byPath, folders, readLink }),
  };
}

function endAt(
  path: string,
  byPath: ReadonlyMap<string, ContextEntry>,
  folders: ReadonlySet<string>,
): PlainEnd {
  const entry = byPath.get(path);
  if (entry !== undefined) return { kind: 'entry', entry };
  if (path === '' || folders.has(path)) return { kind: 'folder', path };
  const above = foldersAbove(path);
  const leaf = above.map((folder) => byPath.get(folder)).find((found) => found !== undefined);
  if (leaf !== undefined) return { kind: 'beyond', entry: leaf };
  return { kind: 'absent', ancestor: above.findLast((folder) => folders.has(folder)) ?? '' };
}

interface Tree {
  readonly byPath: ReadonlyMap<string, ContextEntry>;
  readonly folders: ReadonlySet<string>;
  readonly readLink: ReadLink;
}

async function reach(path: readonly string[], { byPath, folders, readLink }: Tree): Promise<Reached> {
  const links: ContextEntry[] = [];
  const at: string[] = [];
  const names = [...path];
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (at.pop() === undefined) return { links, end: { kind: 'outside' } };
      continue;
    }
    const here = [...at, name].join('/');
    const entry = byPath.get(here);
    if (entry?.mode === LINK) {
      links.push(entry);
      const target = await readLink(entry);
      if (target.startsWith('/') || links.length > MOST_LINKS) return { links, end: { kind: 'outside' } };
      names.unshift(...target.split('/'));
    } else if (entry !== undefined) {
      const isEnd = names.every((rest) => rest === '' || rest === '.');
      return { links, end: { kind: isEnd ? 'entry' : 'beyond', entry } };
    } else if (folders.has(here)) at.push(name);
    else return { links, end: { kind: 'absent', ancestor: at.join('/') } };
  }
  return { links, end: { kind: 'folder', path: at.join('/') } };
}

function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1))
    folders.push(path.slice(0, slash));
  return folders;
}

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
  const folders = foldersOf(entries);
  return {
    entries,
    at: (path) => endAt(path, byPath, folders),
    reach: async (path, readLink) =>
      await reach(path.split('/'), { at: [], links: [] }, { byPath, folders, readLink }),
  };
}

/** Neighbours share most of their folders: the way up ends at one that is known. */
function foldersOf(entries: readonly ContextEntry[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const { path } of entries) {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
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

/** How far a path has been followed: the folders that it is in, without links, and the links that led there. */
interface Walk {
  readonly at: readonly string[];
  readonly links: readonly ContextEntry[];
}

async function reach(names: readonly string[], { at, links }: Walk, tree: Tree): Promise<Reached> {
  const [name, ...rest] = names;
  if (name === undefined) return { links, end: { kind: 'folder', path: at.join('/') } };
  if (name === '' || name === '.') return await reach(rest, { at, links }, tree);
  if (name === '..') {
    if (at.length === 0) return { links, end: { kind: 'outside' } };
    return await reach(rest, { at: at.slice(0, -1), links }, tree);
  }
  const here = [...at, name].join('/');
  const entry = tree.byPath.get(here);
  if (entry?.mode === LINK) return await follow(entry, rest, { at, links: [...links, entry] }, tree);
  if (entry !== undefined) return { links, end: endedBy(entry, rest) };
  if (tree.folders.has(here)) return await reach(rest, { at: [...at, name], links }, tree);
  return { links, end: { kind: 'absent', ancestor: at.join('/') } };
}

async function follow(link: ContextEntry, rest: readonly string[], walk: Walk, tree: Tree): Promise<Reached> {
  const target = await tree.readLink(link);
  if (target.startsWith('/') || walk.links.length > MOST_LINKS) {
    return { links: walk.links, end: { kind: 'outside' } };
  }
  return await reach([...target.split('/'), ...rest], walk, tree);
}

function endedBy(entry: ContextEntry, rest: readonly string[]): PlainEnd {
  const isEnd = rest.every((name) => name === '' || name === '.');
  return { kind: isEnd ? 'entry' : 'beyond', entry };
}

function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1))
    folders.push(path.slice(0, slash));
  return folders;
}

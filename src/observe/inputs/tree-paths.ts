import type { ContextEntry } from '../dockerfile/context-tree.ts';
import type { TreeListing } from '../../kernel/tree-listing.ts';
import { findEntry, firstBelow } from '../../kernel/tree-lookup.ts';

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
  readonly listing: TreeListing;
  /** What lies at a path, or stands in its way; links are not followed. */
  at(path: string): PlainEnd;
  /** Follows a path name by name, as a kernel does. */
  reach(path: string, readLink: ReadLink): Promise<Reached>;
}

/** Makes a tree out of its listing. */
export function treePaths(listing: TreeListing): TreePaths {
  return {
    listing,
    at: (path) => endAt(path, listing),
    reach: async (path, readLink) =>
      await reach(path.split('/'), { at: [], links: [] }, { listing, readLink }),
  };
}

function endAt(path: string, listing: TreeListing): PlainEnd {
  const entry = findEntry(listing, path);
  if (entry !== undefined) return { kind: 'entry', entry };
  if (path === '' || isFolder(path, listing)) return { kind: 'folder', path };
  const above = foldersAbove(path);
  const leaf = above.map((folder) => findEntry(listing, folder)).find((found) => found !== undefined);
  if (leaf !== undefined) return { kind: 'beyond', entry: leaf };
  return { kind: 'absent', ancestor: above.findLast((folder) => isFolder(folder, listing)) ?? '' };
}

/** A listing tells of folders by what lies in them. */
function isFolder(path: string, listing: TreeListing): boolean {
  return firstBelow(listing, path) !== undefined;
}

interface Tree {
  readonly listing: TreeListing;
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
  const entry = findEntry(tree.listing, here);
  if (entry?.mode === LINK) return await follow(entry, rest, { at, links: [...links, entry] }, tree);
  if (entry !== undefined) return { links, end: endedBy(entry, rest) };
  if (isFolder(here, tree.listing)) return await reach(rest, { at: [...at, name], links }, tree);
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

import { posix } from 'node:path';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { ContextEntry, ContextTree } from '../../observe/dockerfile/context-tree.ts';
import { readAttributes } from './attributes.ts';
import { openClone } from './clone.ts';
import { findEntryOf, followPath } from './find-entry.ts';
import { gitPlaceIn, runGit, type GitCall, type GitPlace } from './git-command.ts';
import { readObject, withReaders, type ObjectReaders } from './object-readers.ts';
import { isFolder, isLink, isRegularFile } from './tree-object.ts';
import { openTemporaryFolder, type OpenFolder } from './temporary-folder.ts';
import { rememberingTreeLists, type TreeLists } from './tree-lists.ts';

export interface ContextOptions {
  /** The git program; by default the one in PATH. */
  readonly git?: string;
  /** Where what is needed on the way is put; by default below `TMPDIR`. */
  readonly openFolder?: OpenFolder;
  /** What reads objects and goes on running; by default git is started for each part. */
  readonly readers?: ObjectReaders;
  /** How trees are listed; who lays the same commit shares it. */
  readonly treeLists?: TreeLists;
}

/** Reads from the clone in (or above) `directory`, whose working tree is not looked at. */
export function openContextTree(directory: string, options: ContextOptions = {}): ContextTree {
  const { openFolder = openTemporaryFolder, treeLists = rememberingTreeLists(openFolder) } = options;
  const place = async (): Promise<GitPlace> => await gitPlaceIn(directory, 'observe', options.git);
  return {
    readText: async (commit, path, call) => await readText(await place(), commit, path, options, call),
    list: async (commit, folder, call) => await list(await place(), commit, folder, options, call),
    listAll: async (commit, call) => await treeLists.any(await place(), commit, call),
    attributes: async (commit, paths, { signal }) =>
      await attributes(await place(), commit, paths, { signal, openFolder }),
    readLink: async (id, { signal }) => {
      const call = { signal, purpose: `read the link ${id.slice(0, 12)}` };
      const at = await place();
      const read = async (readers: ObjectReaders) => await readObject(readers, at, id, call);
      return (await withReaders(options.readers, read)).content.toString('latin1');
    },
  };
}

async function readText(
  place: GitPlace,
  commit: string,
  given: string,
  options: ContextOptions,
  { signal }: CallOptions,
): Promise<string | undefined> {
  if (leadsOut(given) || given.includes('\n')) return undefined;
  const path = posix.normalize(given);
  const call = { signal, purpose: `read ${given} of commit ${commit.slice(0, 12)}` };
  return await withReaders(options.readers, async (readers) => {
    const end = await followPath(readers, place, commit, path, call);
    if (end === undefined) return undefined;
    const { entry, isWhole } = end;
    const isFile = isWhole && isRegularFile(entry.mode);
    const id = isLink(entry.mode)
      ? await followLinks(place, commit, path, call)
      : isFile
        ? entry.id
        : undefined;
    return id === undefined
      ? undefined
      : decoded(given, (await readObject(readers, place, id, call)).content);
  });
}

/** The file to which a path leads through links. */
async function followLinks(
  place: GitPlace,
  commit: string,
  path: string,
  call: GitCall,
): Promise<string | undefined> {
  const input = `${commit}:${path}\n`;
  // What leads nowhere or out of the tree is answered in other words than three.
  const answer = await runGit(place, ['cat-file', '--batch-check', '--follow-symlinks'], { ...call, input });
  return /^([0-9a-f]{40,64}) blob \d+\n$/.exec(answer.toString('latin1'))?.[1];
}

/** A byte order mark stays: where it counts is the reader's business. */
function decoded(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new PreheatError(`cannot build the base image from ${path}: it is no UTF-8 text`, {
      phase: 'config',
      code: 'config-invalid',
      hint: 'Save it as UTF-8.',
      cause,
    });
  }
}

async function list(
  place: GitPlace,
  commit: string,
  folder: string,
  options: ContextOptions,
  { signal }: CallOptions,
): Promise<readonly ContextEntry[] | undefined> {
  if (leadsOut(folder)) return undefined;
  const purpose = `list ${folder === '' ? 'the files' : folder} of commit ${commit.slice(0, 12)}`;
  const call = { signal, purpose };
  const id = await withReaders(
    options.readers,
    async (readers) => await treeAt(readers, place, commit, folder, call),
  );
  if (id === undefined) return undefined;
  const listing = await runGit(place, ['ls-tree', '-r', '-z', '--full-tree', id], call);
  return entriesIn(listing.toString('latin1'));
}

async function treeAt(
  readers: ObjectReaders,
  place: GitPlace,
  commit: string,
  folder: string,
  call: GitCall,
): Promise<string | undefined> {
  if (folder === '') return (await readObject(readers, place, `${commit}^{tree}`, call)).id;
  const entry = await findEntryOf(readers, place, commit, folder.replace(/\/$/, ''), call);
  return entry !== undefined && isFolder(entry.mode) ? entry.id : undefined;
}

/** `<mode> <type> <id>\t<path>\0` for each. */
function entriesIn(listing: string): readonly ContextEntry[] {
  return listing
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => entryIn(line));
}

/** Without a regular expression: there may be hundreds of thousands. */
function entryIn(line: string): ContextEntry {
  const tab = line.indexOf('\t');
  const [mode = '', , id = ''] = line.slice(0, tab).split(' ');
  return { path: line.slice(tab + 1), mode: Number.parseInt(mode, 8), id };
}

async function attributes(
  place: GitPlace,
  commit: string,
  paths: readonly string[],
  { signal, openFolder }: CallOptions & { readonly openFolder: OpenFolder },
): Promise<ReadonlyMap<string, string>> {
  if (paths.length === 0) return new Map();
  return await readAttributes(await openClone(place, { signal }), commit, paths, { signal, openFolder });
}

function leadsOut(path: string): boolean {
  return /^(?:\/|\.\.(?:\/|$))/.test(posix.normalize(path));
}

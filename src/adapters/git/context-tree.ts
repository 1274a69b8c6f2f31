import { posix } from 'node:path';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { ContextEntry, ContextTree } from '../../observe/dockerfile/context-tree.ts';
import { readAttributes } from './attributes.ts';
import { openClone } from './clone.ts';
import { askGit, gitPlaceIn, runGit, type GitPlace } from './git-command.ts';
import { openTemporaryFolder, type OpenFolder } from './temporary-folder.ts';
import { rememberingTreeLists, type TreeLists } from './tree-lists.ts';

export interface ContextOptions {
  /** The git program; by default the one in PATH. */
  readonly git?: string;
  /** Where what is needed on the way is put; by default below `TMPDIR`. */
  readonly openFolder?: OpenFolder;
  /** How trees are listed; who lays the same commit shares it. */
  readonly treeLists?: TreeLists;
}

/** Reads from the clone in (or above) `directory`, whose working tree is not looked at. */
export function openContextTree(directory: string, options: ContextOptions = {}): ContextTree {
  const { openFolder = openTemporaryFolder, treeLists = rememberingTreeLists(openFolder) } = options;
  const place = async (): Promise<GitPlace> => await gitPlaceIn(directory, 'observe', options.git);
  return {
    readText: async (commit, path, call) => await readText(await place(), commit, path, call),
    list: async (commit, folder, call) => await list(await place(), commit, folder, call),
    listAll: async (commit, call) => await treeLists.any(await place(), commit, call),
    attributes: async (commit, paths, { signal }) =>
      await attributes(await place(), commit, paths, { signal, openFolder }),
    readLink: async (id, { signal }) => {
      const call = { signal, purpose: `read the link ${id.slice(0, 12)}` };
      return (await runGit(await place(), ['cat-file', 'blob', id], call)).toString('latin1');
    },
  };
}

async function readText(
  place: GitPlace,
  commit: string,
  path: string,
  { signal }: CallOptions,
): Promise<string | undefined> {
  if (leadsOut(path) || path.includes('\n')) return undefined;
  const purpose = `read ${path} of commit ${commit.slice(0, 12)}`;
  const input = `${commit}:${posix.normalize(path)}\n`;
  // What leads nowhere or out of the tree is answered in other words than three.
  const answer = await runGit(place, ['cat-file', '--batch-check', '--follow-symlinks'], {
    signal,
    purpose,
    input,
  });
  const [, id] = /^([0-9a-f]{40,64}) blob \d+\n$/.exec(answer.toString('latin1')) ?? [];
  if (id === undefined) return undefined;
  return decoded(path, await runGit(place, ['cat-file', 'blob', id], { signal, purpose }));
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
  { signal }: CallOptions,
): Promise<readonly ContextEntry[] | undefined> {
  if (leadsOut(folder)) return undefined;
  const purpose = `list ${folder === '' ? 'the files' : folder} of commit ${commit.slice(0, 12)}`;
  const tree = await askGit(
    place,
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}:${folder}`],
    {
      signal,
      purpose,
    },
  );
  const id = tree?.toString('latin1').trim();
  if (id === undefined) return undefined;
  const kind = await runGit(place, ['cat-file', '-t', id], { signal, purpose });
  if (kind.toString('latin1') !== 'tree\n') return undefined;
  const listing = await runGit(place, ['ls-tree', '-r', '-z', '--full-tree', id], { signal, purpose });
  return entriesIn(listing.toString('latin1'));
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

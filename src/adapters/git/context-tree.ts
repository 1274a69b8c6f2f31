import { posix } from 'node:path';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { ContextEntry, ContextTree } from '../../observe/dockerfile/context-tree.ts';
import { openClone } from './clone.ts';
import { indexCommit } from './commit-index.ts';
import { askGit, gitPlaceIn, runGit, type GitPlace } from './git-command.ts';
import { openTemporaryFolder, type OpenFolder } from './temporary-folder.ts';

/** The attributes by which git changes contents between its objects and a checkout (`convert.c`); `crlf` is `text`'s elder. */
const ATTRIBUTES = ['text', 'crlf', 'eol', 'ident', 'filter', 'working-tree-encoding'];

export interface ContextOptions {
  /** The git program; by default the one in PATH. */
  readonly git?: string;
  /** Where what is needed on the way is put; by default below `TMPDIR`. */
  readonly openFolder?: OpenFolder;
}

/** Reads from the clone in (or above) `directory`, whose working tree is not looked at. */
export function openContextTree(directory: string, options: ContextOptions = {}): ContextTree {
  const { openFolder = openTemporaryFolder } = options;
  const place = async (): Promise<GitPlace> => await gitPlaceIn(directory, 'observe', options.git);
  return {
    readText: async (commit, path, call) => await readText(await place(), commit, path, call),
    list: async (commit, folder, call) => await list(await place(), commit, folder, call),
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
  return listing.split('\0').flatMap((line) => {
    const [, mode = '', id = '', path] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    return path === undefined ? [] : [{ path, mode: Number.parseInt(mode, 8), id }];
  });
}

async function attributes(
  place: GitPlace,
  commit: string,
  paths: readonly string[],
  { signal, openFolder }: CallOptions & { readonly openFolder: OpenFolder },
): Promise<ReadonlyMap<string, string>> {
  if (paths.length === 0) return new Map();
  const clone = await openClone(place, { signal });
  await using index = await indexCommit(clone, commit, { signal, openFolder });
  const purpose = `read the attributes of commit ${commit.slice(0, 12)}`;
  const input = Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1');
  const words = ['check-attr', '--cached', '-z', '--stdin', ...ATTRIBUTES];
  const answer = await runGit(index.place, words, { signal, purpose, input });
  return attributesIn(answer.toString('latin1'));
}

/**
 * `<path>\0<attribute>\0<value>\0` for each path and attribute; read in place, since a large commit has a million
 * of these words and most say nothing.
 */
function attributesIn(answer: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let start = 0; start < answer.length;) {
    const [pathEnd, nameEnd, end] = nextThree(answer, start);
    const value = answer.slice(nameEnd + 1, end);
    if (value !== 'unspecified') {
      const path = answer.slice(start, pathEnd);
      const before = found.get(path);
      const told = `${answer.slice(pathEnd + 1, nameEnd)}=${value}`;
      found.set(path, before === undefined ? told : `${before} ${told}`);
    }
    start = end + 1;
  }
  return found;
}

/** Where the next three words end. */
function nextThree(answer: string, start: number): readonly [number, number, number] {
  const first = answer.indexOf('\0', start);
  const second = answer.indexOf('\0', first + 1);
  return [first, second, answer.indexOf('\0', second + 1)];
}

function leadsOut(path: string): boolean {
  return /^(?:\/|\.\.(?:\/|$))/.test(posix.normalize(path));
}

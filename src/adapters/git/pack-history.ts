import { join } from 'node:path';
import { messageOf, PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { hasPromises } from './clone-gaps.ts';
import type { Clone } from './clone.ts';
import { runGit, type GitCall, type GitPlace } from './git-command.ts';
import { linesIn, printToFile, type GitPrinted } from './git-printed.ts';
import { objectSet, type KnownObjects } from './object-set.ts';
import { quotedPath } from './quoted-path.ts';

/** A git folder that is being filled with the objects of a clone, in a temporary folder. */
export interface FilledFolder {
  /** Where git works with it. */
  readonly place: GitPlace;
  readonly gitFolder: string;
  readonly clone: Clone;
}

/** What a clone has precomputed must not show. */
const PLAIN = '-c core.commitGraph=false -c core.multiPackIndex=false -c pack.useBitmaps=false';

/**
 * Equal histories become equal packs, however the clone keeps its objects and whatever it has precomputed. A window of
 * 3 finds what git's 10 finds in half the time: versions of a file lie side by side, and nothing else is worth a delta.
 */
const PACK_OBJECTS =
  `${PLAIN} -c pack.writeReverseIndex=false ` +
  'pack-objects --quiet --threads=1 --window=3 --no-reuse-delta --no-reuse-object';

/**
 * Packs what the cut history of `commit` reaches. One thread, and no delta or compressed object taken over from the
 * clone's packs: the bytes follow from the objects and git's version alone.
 */
export async function packHistory(
  folder: FilledFolder,
  commit: string,
  { signal }: CallOptions,
): Promise<void> {
  await packObjects(folder, commit, { args: ['--revs'], input: `${commit}\n` }, { signal });
}

/**
 * Packs what the cut history of `commit` reaches and `known` lacks, as {@link packHistory} does; writes no pack where
 * that is nothing.
 */
export async function packMissing(
  folder: FilledFolder,
  commit: string,
  known: KnownObjects,
  { signal }: CallOptions,
): Promise<void> {
  const purpose = purposeOf(commit);
  const missing: string[] = [];
  await using printed = await printObjects(folder, commit, known.whole, { signal, purpose });
  for await (const piece of printed.lines()) {
    for (const [from, to] of linesIn(piece))
      if (!known.has(piece, from)) missing.push(`${piece.toString('latin1', from, to)}\n`);
  }
  if (missing.length === 0) return;
  // Behind each id stands a path, which tells git what may be versions of one file.
  const input = Buffer.from(missing.join(''), 'latin1');
  await packObjects(folder, commit, { args: [], input }, { signal });
}

/**
 * The objects that the history of `commit` reaches, cut where the folder says. Throws a `PreheatError` where the clone
 * has less.
 */
export async function historyObjects(
  folder: FilledFolder,
  commit: string,
  { signal }: CallOptions,
): Promise<KnownObjects> {
  const { clone } = folder;
  const whole = { commit, clone };
  const purpose = `list the history of commit ${commit.slice(0, 12)}`;
  await using printed = await printObjects(folder, commit, whole, { signal, purpose }, ['--no-object-names']);
  return { ...objectSet(await printed.read(), clone.format), whole };
}

/**
 * Lists what a history reaches but for one tree, where there is one: most of 100,000 files are the same there and here,
 * and git passes them over in a third of the time that it takes to print them.
 */
async function printObjects(
  folder: FilledFolder,
  commit: string,
  whole: KnownObjects['whole'],
  call: Omit<GitCall, 'input'>,
  more: readonly string[] = [],
): Promise<GitPrinted> {
  const { place, gitFolder, clone } = folder;
  const environment = { ...place.environment, ...borrowedObjects(clone, whole?.clone) };
  const without = whole === undefined ? [] : [`^${whole.commit}^{tree}`];
  const args = [...PLAIN.split(' '), 'rev-list', '--objects', ...more, commit, ...without];
  return await printToFile({ ...place, environment }, args, `${gitFolder}.objects`, call);
}

interface PackInput {
  readonly args: readonly string[];
  readonly input: string | Uint8Array;
}

async function packObjects(
  folder: FilledFolder,
  commit: string,
  { args, input }: PackInput,
  { signal }: CallOptions,
): Promise<void> {
  const packs = join(folder.gitFolder, 'objects', 'pack', 'pack');
  const purpose = purposeOf(commit);
  try {
    await runGit(borrowing(folder), [...PACK_OBJECTS.split(' '), ...args, packs], { signal, purpose, input });
  } catch (thrown) {
    const isMissing = /unable to read|bad (tree )?object|could not (fetch|read)/.test(messageOf(thrown));
    const isExplained = isMissing && (await hasPromises(folder.clone));
    throw isExplained ? incomplete(purpose, folder.place, thrown) : thrown;
  }
}

function purposeOf(commit: string): string {
  return `pack the history of commit ${commit.slice(0, 12)}`;
}

function incomplete(purpose: string, { phase }: GitPlace, cause: unknown): PreheatError {
  return new PreheatError(`cannot ${purpose}: the clone is a partial one and lacks some of its objects`, {
    phase,
    hint: 'Clone without --filter (in bitbucket-pipelines.yml: without filter: under clone:).',
    cause,
  });
}

/** The place of a folder, where git finds the clone's objects too. */
function borrowing({ place, clone }: FilledFolder): GitPlace {
  return { ...place, environment: { ...place.environment, ...borrowedObjects(clone) } };
}

/** What leads git to the objects of clones beside those of its own. */
export function borrowedObjects(
  ...clones: readonly (Pick<Clone, 'objects'> | undefined)[]
): Readonly<Record<string, string>> {
  const folders = new Set(clones.flatMap((clone) => clone?.objects ?? []));
  return { GIT_ALTERNATE_OBJECT_DIRECTORIES: [...folders].map(quotedPath).join(':') };
}

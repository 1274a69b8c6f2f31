import { mkdtempDisposable, readFile, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Checkout, CheckoutRequest, SourceTree } from '../../build/source-tree.ts';
import { messageOf, PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { SOURCE_MTIME } from '../../oci/tar-times.ts';
import { checkoutEntries } from './checkout-entries.ts';
import { cutOf } from './clone-history.ts';
import { openClone, type Clone } from './clone.ts';
import { askGit, gitPlaceIn, runGit, type GitPlace } from './git-command.ts';
import { writeGitFolder } from './git-folder.ts';
import { canonicalIndex, type IndexEntry } from './index-file.ts';

export interface SourceTreeOptions {
  /** The git program; by default the one in PATH. */
  readonly git?: string;
}

/**
 * Lays down commits of the clone in (or above) `directory`, which may be shallow and is not changed. The same request
 * gives the same entries and bytes, `.git` among them, from each clone that has the history and with each git of the
 * same version.
 */
export function openSourceTree(directory: string, options: SourceTreeOptions = {}): SourceTree {
  return {
    async layDown(request, { signal }) {
      const place = await gitPlaceIn(directory, 'build', options.git);
      await checkRequest(place, request, { signal });
      const clone = await openClone(place, { signal });
      await using stack = new AsyncDisposableStack();
      const temporary = stack.use(await mkdtempDisposable(join(await realpath(tmpdir()), 'preheat-source-')));
      const index = await fill(temporary.path, clone, request, { signal });
      const owned = stack.move();
      const checkout: Checkout = {
        entries: checkoutEntries(temporary.path, index, signal),
        [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
      };
      return checkout;
    },
  };
}

async function checkRequest(
  place: GitPlace,
  { commit, ref }: CheckoutRequest,
  { signal }: CallOptions,
): Promise<void> {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) {
    throw new PreheatError(`cannot lay down commit "${commit}": it is not a full object id`, {
      phase: 'build',
    });
  }
  if (ref.kind !== 'branch') return;
  const purpose = `lay down branch ${JSON.stringify(ref.name)}`;
  if (
    (await askGit(place, ['check-ref-format', `refs/heads/${ref.name}`], { signal, purpose })) === undefined
  ) {
    throw new PreheatError(`cannot ${purpose}: git allows no such name`, { phase: 'build' });
  }
}

/** Files are written by as many workers as there are cores; the index, whose form follows the threads, by one. */
const READ_TREE = '-c checkout.workers=0 -c index.threads=1 read-tree --reset -u';

/** Fills an empty folder with `.git` and the checkout; gives what the checkout's index lists. */
async function fill(
  top: string,
  clone: Clone,
  request: CheckoutRequest,
  { signal }: CallOptions,
): Promise<readonly IndexEntry[]> {
  const { commit } = request;
  const gitFolder = join(top, '.git');
  const place: GitPlace = {
    ...clone.place,
    directory: top,
    trusted: top,
    environment: { GIT_DIR: gitFolder, GIT_WORK_TREE: top },
  };
  const shallow = await cutOf(clone, request, { signal });
  await writeGitFolder(gitFolder, { ...request, format: clone.format, shallow });
  await packObjects(place, clone, commit, { signal });
  const purpose = `check out commit ${commit.slice(0, 12)}`;
  await runGit(place, [...READ_TREE.split(' '), commit], { signal, purpose });
  const indexFile = join(gitFolder, 'index');
  const { bytes, entries } = canonicalIndex(await readFile(indexFile), {
    format: clone.format,
    mtime: SOURCE_MTIME,
  });
  await writeFile(indexFile, bytes);
  return entries;
}

/**
 * Equal histories become equal packs, however the clone keeps its objects and whatever it has precomputed. A window of
 * 3 finds what git's 10 finds in half the time: versions of a file lie side by side, and nothing else is worth a delta.
 */
const PACK_OBJECTS =
  '-c core.commitGraph=false -c core.multiPackIndex=false -c pack.useBitmaps=false -c pack.writeReverseIndex=false ' +
  'pack-objects --revs --quiet --threads=1 --window=3 --no-reuse-delta --no-reuse-object';

/**
 * Packs what the cut history of `commit` reaches. One thread, and no delta or compressed object taken over from the
 * clone's packs: the bytes follow from the objects and git's version alone.
 */
async function packObjects(
  place: GitPlace,
  clone: Clone,
  commit: string,
  { signal }: CallOptions,
): Promise<void> {
  const borrowing = { ...place.environment, GIT_ALTERNATE_OBJECT_DIRECTORIES: quotedPath(clone.objects) };
  const packs = join(place.directory, '.git', 'objects', 'pack', 'pack');
  const purpose = `pack the history of commit ${commit.slice(0, 12)}`;
  const call = { signal, purpose, input: `${commit}\n` };
  try {
    await runGit({ ...place, environment: borrowing }, [...PACK_OBJECTS.split(' '), packs], call);
  } catch (thrown) {
    const isMissing = /unable to read|bad (tree )?object|could not (fetch|read)/.test(messageOf(thrown));
    throw isMissing && (await isPartial(clone, { signal })) ? incomplete(purpose, place, thrown) : thrown;
  }
}

/** Whether objects may be missing that the clone could fetch (https://git-scm.com/docs/partial-clone). */
async function isPartial({ place }: Clone, { signal }: CallOptions): Promise<boolean> {
  const args = ['config', '--get-regexp', String.raw`^remote\..*\.promisor$`];
  return (await askGit(place, args, { signal, purpose: 'read the settings of the clone' })) !== undefined;
}

function incomplete(purpose: string, { phase }: GitPlace, cause: unknown): PreheatError {
  return new PreheatError(`cannot ${purpose}: the clone is a partial one and lacks some of its objects`, {
    phase,
    hint: 'Clone without --filter (in bitbucket-pipelines.yml: without filter: under clone:).',
    cause,
  });
}

/** A path in a list in which colons part: https://git-scm.com/docs/git#Documentation/git.txt-GITALTERNATEOBJECTDIRECTORIES */
function quotedPath(path: string): string {
  return `"${path.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

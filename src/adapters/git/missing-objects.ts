import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { runGit, type GitPlace } from './git-command.ts';
import type { FetchFromOrigin } from './origin.ts';

/** Ids are sent in one piece up to git's `http.postBuffer` (1 MiB): not every proxy takes a request in chunks. */
const MOST_IDS = 10_000;

/**
 * As git itself asks for what a partial clone lacks: nothing is said of what is there, and the answer is not held against
 * what is reachable (https://git-scm.com/docs/partial-clone).
 */
export const PROMISED = ['remote.origin.promisor=true'];
const BY_ID = ['--filter=blob:none', '--stdin', 'origin'];

/** What is to be whole. */
export interface WantedObjects {
  readonly commit: string;
  /** The commits behind which its history is cut. */
  readonly cut: readonly string[];
}

/**
 * Fetches the trees and contents that a commit's cut history lacks: trees first, since they name the contents. Says
 * whether the origin gives objects by their ids. Throws a `PreheatError` where it says so and does not.
 */
export async function fetchMissingObjects(
  place: GitPlace,
  { commit, cut }: WantedObjects,
  fetch: FetchFromOrigin,
  { signal, tell }: CallOptions & { readonly tell: (line: string) => void },
): Promise<boolean> {
  const cutFile = join(place.directory, '.git', 'preheat-cut');
  await writeFile(cutFile, cut.map((id) => `${id}\n`).join(''));
  const what = `the missing objects of commit ${commit.slice(0, 12)}`;
  for (let before = new Set<string>(); ;) {
    const missing = await missingObjects(place, commit, cutFile, { signal });
    if (missing.length === 0) return true;
    if (missing.some((id) => before.has(id))) throw stillMissing(place, what, missing.length);
    tell(`fetching ${missing.length} objects that the clone lacks`);
    before = new Set(missing);
    for (const ids of batches(missing)) {
      const settings = [...PROMISED, 'fetch.negotiationAlgorithm=noop'];
      const input = ids.map((id) => `${id}\n`).join('');
      if (!(await fetch(BY_ID, { signal, what, input, settings }))) return false;
    }
  }
}

/** Whether every object of a commit is there is asked of git, whose answer is a line `?<id>` for each that is not. */
async function missingObjects(
  place: GitPlace,
  commit: string,
  cutFile: string,
  { signal }: CallOptions,
): Promise<readonly string[]> {
  const shallow = { ...place, environment: { ...place.environment, GIT_SHALLOW_FILE: cutFile } };
  const args = ['rev-list', '--objects', '--quiet', '--missing=print', commit];
  const listed = await runGit(shallow, args, { signal, purpose: `list commit ${commit.slice(0, 12)}` });
  return [...listed.toString('latin1').matchAll(/^\?([0-9a-f]+)/gm)].map(([, id = '']) => id);
}

function* batches(ids: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < ids.length; at += MOST_IDS) yield ids.slice(at, at + MOST_IDS);
}

function stillMissing({ phase }: GitPlace, what: string, count: number): PreheatError {
  return new PreheatError(`cannot fetch ${what}: ${count} did not come`, { phase, code: 'corrupt' });
}

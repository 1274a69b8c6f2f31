import type { CallOptions } from '../../oci/content-store.ts';
import { runGit, type GitPlace } from './git-command.ts';

/**
 * The full id of the commit that an id of 7 digits or more means; `undefined` where there is none, or more than one. It
 * is only ever an id: a branch that is called as the digits read is not asked.
 */
export async function findCommit(
  place: GitPlace,
  id: string,
  { signal }: CallOptions,
): Promise<string | undefined> {
  const call = { signal, purpose: `look for commit ${id.slice(0, 12)}` };
  const isFull = id.length >= 40;
  const ids = isFull
    ? `${id}\n`
    : (await runGit(place, ['rev-parse', `--disambiguate=${id}`], call)).toString();
  if (ids === '') return undefined;
  const checked = await runGit(place, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
    ...call,
    input: ids,
  });
  const found = [...checked.toString('latin1').matchAll(/^([0-9a-f]+) commit$/gm)].map(([, full]) => full);
  return found.length === 1 ? found[0] : undefined;
}

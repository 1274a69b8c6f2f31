import type { CallOptions } from '../../oci/content-store.ts';
import { runGit, type GitCall, type GitPlace } from './git-command.ts';
import { withReaders, type ObjectReaders } from './object-readers.ts';

/**
 * The full id of the commit that an id of 7 digits or more means; `undefined` where there is none, or more than one. It
 * is only ever an id: a branch that is called as the digits read is not asked.
 */
export async function findCommit(
  place: GitPlace,
  id: string,
  { signal, readers: given }: CallOptions & { readonly readers?: ObjectReaders | undefined },
): Promise<string | undefined> {
  const call = { signal, purpose: `look for commit ${id.slice(0, 12)}` };
  const ids = id.length >= 40 ? [id] : await idsThatBegin(place, id, call);
  // What else begins so may be a large file, which is not to be read; a tag's commit has another id.
  const names = ids.map((each) => `${each}^{commit}`);
  const found = await withReaders(given, async (readers) => await readers.read(place, names, call));
  const [commit, ...more] = found.filter(
    (object) => object?.type === 'commit' && object.id.startsWith(id.toLowerCase()),
  );
  return more.length === 0 ? commit?.id : undefined;
}

async function idsThatBegin(place: GitPlace, digits: string, call: GitCall): Promise<readonly string[]> {
  const told = await runGit(place, ['rev-parse', `--disambiguate=${digits}`], call);
  return told.toString('latin1').split('\n').filter(Boolean);
}

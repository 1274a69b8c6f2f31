import type { Clone } from './clone.ts';
import { parentsIn } from './commit-object.ts';
import type { GitCall, GitPlace } from './git-command.ts';
import type { ObjectReaders } from './object-readers.ts';

/** So many steps back cost less than a start of git. */
const MOST_STEPS = 8;

/** Tags have room for so many digits of a commit. */
export const ID_DIGITS = 40;

/**
 * The first of some commits (by their first 40 digits) on the way back from a tip, as far as a few looks tell: where each
 * commit has one parent, and not behind where the clone `ends`. `undefined` says nothing.
 */
export async function firstInLine(
  tip: string,
  wanted: ReadonlySet<string>,
  readers: ObjectReaders,
  { place, ends }: Pick<Clone, 'place' | 'ends'>,
  call: GitCall,
): Promise<string | undefined> {
  let id = tip;
  for (let steps = 0; steps <= MOST_STEPS; steps++) {
    const [commit] = await readers.read(place, [id], call);
    if (commit?.type !== 'commit') return undefined;
    const known = id.slice(0, ID_DIGITS);
    if (wanted.has(known)) return known;
    const [parent, ...others] = parentsIn(commit.content);
    if (parent === undefined || others.length > 0 || ends.has(id)) return undefined;
    id = parent;
  }
  return undefined;
}

/** Whether a commit lies so close behind another that a few looks tell; a `false` says nothing. */
export async function liesCloseBehind(
  behind: string,
  tip: string,
  readers: ObjectReaders,
  place: GitPlace,
  call: GitCall,
): Promise<boolean> {
  let level: readonly string[] = [tip];
  for (let steps = 0; steps < MOST_STEPS && level.length > 0; steps++) {
    const commits = await readers.read(place, level, call);
    const parents = new Set(
      commits.flatMap((commit) => (commit === undefined ? [] : parentsIn(commit.content))),
    );
    if (parents.has(behind)) return true;
    level = [...parents];
  }
  return false;
}

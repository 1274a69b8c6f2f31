import { parentsIn } from './commit-object.ts';
import type { GitCall, GitPlace } from './git-command.ts';
import type { ObjectReaders } from './object-readers.ts';

/** So many steps back cost less than a start of git. */
const MOST_STEPS = 8;

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

import type { CallOptions } from '../../oci/content-store.ts';
import { askGit, type GitPlace } from './git-command.ts';

const ENCODED = 'grep -q --fixed-strings -e working-tree-encoding';

/**
 * The settings with which git writes the files of a commit: by as many workers as there are cores, and by itself where
 * `.gitattributes` names encodings. With workers git asks for the attributes of many files before it writes the first,
 * and keeps of an encoding where it stood in memory, which is free again when the next folder is asked about: it then
 * takes another text for it, says so, lays the file as it is and ends with 0 (git 2.39: `convert_attrs` in convert.c,
 * `enqueue_checkout` in parallel-checkout.c).
 */
export async function checkoutSettings(
  place: GitPlace,
  commit: string,
  { signal }: CallOptions,
): Promise<readonly string[]> {
  const asking = { ...place, environment: { ...place.environment, GIT_LITERAL_PATHSPECS: '0' } };
  const args = [...ENCODED.split(' '), commit, '--', ':(glob)**/.gitattributes'];
  const purpose = `look for encodings in commit ${commit.slice(0, 12)}`;
  const hasEncodings = (await askGit(asking, args, { signal, purpose })) !== undefined;
  return checkoutWorkers(hasEncodings ? 1 : 0);
}

/** The setting of so many workers; 0 means one for each core. */
export function checkoutWorkers(count: number): readonly string[] {
  return ['-c', `checkout.workers=${count}`];
}

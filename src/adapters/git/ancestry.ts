import type { Ancestry } from '../../start/ancestry.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { askGit, gitPlaceIn, runGit, type GitPlace } from './git-command.ts';

/** Reads the history of the clone in (or above) `directory` with the git program. */
export function openAncestry(directory: string, options: { readonly git?: string } = {}): Ancestry {
  return {
    async nearest(commitish, limit, { signal }) {
      const place = await gitPlaceIn(directory, 'start', options.git);
      const commit =
        (await commitOf(place, commitish, signal)) ?? (await commitOf(place, `origin/${commitish}`, signal));
      if (commit === undefined) return [];
      const call = { signal, purpose: `read the history of ${commitish}` };
      const listed = await runGit(place, ['rev-list', `--max-count=${limit}`, '--topo-order', commit], call);
      return listed.toString('latin1').split('\n').filter(Boolean);
    },
  };
}

async function commitOf(
  place: GitPlace,
  commitish: string,
  signal: CallOptions['signal'],
): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commitish}^{commit}`];
  const id = await askGit(place, args, { signal, purpose: `find ${commitish}` });
  return id?.toString('latin1').trim();
}

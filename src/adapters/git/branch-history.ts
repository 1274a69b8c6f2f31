import type { BranchHistory } from '../../prune/remote-refs.ts';
import { findCommit } from './find-commit.ts';
import { gitPlaceIn, runGit } from './git-command.ts';

/** Images of older commits are told apart by their age. */
const MOST_COMMITS = 5000;

/** Reads from the clone in (or above) `directory`; where there is none, it knows of no history. */
export function openBranchHistory(directory: string, options: { readonly git?: string } = {}): BranchHistory {
  return {
    async newestFirst(commit, { signal }) {
      try {
        const place = await gitPlaceIn(directory, 'observe', options.git);
        if ((await findCommit(place, commit, { signal })) === undefined) return [];
        const purpose = `read the history of commit ${commit.slice(0, 12)}`;
        const args = ['rev-list', '--topo-order', `--max-count=${MOST_COMMITS}`, '--end-of-options', commit];
        const listed = await runGit(place, args, { signal, purpose });
        return listed.toString('latin1').split('\n').filter(Boolean);
      } catch {
        signal.throwIfAborted();
        return [];
      }
    },
  };
}

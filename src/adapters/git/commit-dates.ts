import type { CallOptions } from '../../oci/content-store.ts';
import type { CommitDates } from '../../survey/commit-dates.ts';
import { gitPlaceIn, runGit } from './git-command.ts';

/** Without missing commits; `--no-walk` keeps to those that are named. */
const LOG = ['log', '--no-walk=unsorted', '--ignore-missing', '--stdin', '--format=%H %ct'];

/** Reads from the clone in (or above) `directory`; where there is none, no commit has a date. */
export function openCommitDates(directory: string, options: { readonly git?: string } = {}): CommitDates {
  return {
    async datesOf(commits, { signal }) {
      if (commits.length === 0) return new Map();
      try {
        return await readDates(directory, commits, options, { signal });
      } catch {
        signal.throwIfAborted();
        return new Map();
      }
    },
  };
}

async function readDates(
  directory: string,
  commits: readonly string[],
  { git }: { readonly git?: string },
  { signal }: CallOptions,
): Promise<ReadonlyMap<string, string>> {
  const place = await gitPlaceIn(directory, 'observe', git);
  const call = { signal, purpose: 'read the dates of commits', input: `${commits.join('\n')}\n` };
  const lines = (await runGit(place, LOG, call)).toString('latin1').split('\n');
  const asked = new Set(commits);
  // Where git knows none of them, it tells of HEAD.
  return new Map(
    lines
      .map((line) => line.split(' '))
      .flatMap(([id = '', seconds]) =>
        asked.has(id) ? [[id, new Date(Number(seconds) * 1000).toISOString()] as const] : [],
      ),
  );
}

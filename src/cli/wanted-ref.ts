import { openAncestry } from '../adapters/git/ancestry.ts';
import type { LocalState } from '../adapters/git/local-state.ts';
import { eventFromLocal } from '../event/event-from-local.ts';
import type { PushEvent } from '../event/push-event.ts';
import { scopesOf } from '../plan/scope.ts';
import type { WantedRef } from '../start/list-candidates.ts';
import { platformOf } from './machine-platform.ts';
import type { Session } from './session.ts';

/** How far back a warm ancestor may lie. */
const MOST_COMMITS = 50;

/** What a person means: `.`, the number of a pull request, else a commit or branch. */
export async function wantedRef(
  operand: string,
  state: LocalState,
  clone: string,
  { settings, signal }: Session,
): Promise<WantedRef> {
  const defaultBranch = settings['default-branch'];
  const event = eventFromLocal(state, { defaultBranch });
  const platform = platformOf(settings);
  const common = { defaultBranch: event.defaultBranch, platform };
  const guarded = settings['protected-branches'];
  if (/^\d{1,6}$/.test(operand)) {
    const pullRequest = Number(operand);
    const scopes = scopesOf(
      { ...event, pullRequest: { id: pullRequest, destinationBranch: event.defaultBranch } },
      guarded,
    ).read;
    return { ...common, pullRequest, commits: [], scopes };
  }
  const commits = await openAncestry(clone).nearest(operand === '.' ? 'HEAD' : operand, MOST_COMMITS, {
    signal,
  });
  const branch = operand === '.' ? state.branch : isCommitId(operand) ? undefined : operand;
  const ref: PushEvent['ref'] = branch === undefined ? event.ref : { kind: 'branch', name: branch };
  return { ...common, commits, branch, scopes: scopesOf({ ...event, ref }, guarded).read };
}

function isCommitId(text: string): boolean {
  return /^[0-9a-f]{7,40}$/.test(text);
}

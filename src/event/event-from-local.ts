import * as z from 'zod';
import { isSameCommit } from './commit-id.ts';
import { eventError } from './event-error.ts';
import { CommitId, FolderName, RefName } from './event-terms.ts';
import type { PushedRef, PushEvent } from './push-event.ts';
import { localRemoteUrl } from './remote-url.ts';

/** What a git checkout says of itself. */
export interface LocalState {
  /** The commit of HEAD. */
  readonly commit: string;
  /** The branch of HEAD; absent when it is detached. */
  readonly branch?: string | undefined;
  /** The URL of `origin`. */
  readonly remoteUrl?: string | undefined;
  readonly defaultBranch: string;
  /** The last part of the remote's path, or of the folder's. */
  readonly name: string;
}

/** What someone says otherwise on the command line. */
export interface LocalOverrides {
  /** Another commit than that of HEAD; detached unless a branch is given too. */
  readonly commit?: string | undefined;
  readonly branch?: string | undefined;
  readonly defaultBranch?: string | undefined;
}

const HINT = 'Correct what is named, or run it in another checkout';

const LocalEvent = z.object({
  commit: CommitId,
  branch: RefName.optional(),
  defaultBranch: RefName,
  name: FolderName,
});

/**
 * Makes the event of a local run out of the checkout's state. A remote that is a folder of this machine is left
 * out: it means nothing in a workspace.
 *
 * Throws a `PreheatError` of phase `event` that names everything that is wrong.
 */
export function eventFromLocal(state: LocalState, overrides: LocalOverrides = {}): PushEvent {
  const commit = overrides.commit ?? state.commit;
  const moved = commit !== '' && !isSameCommit(commit, state.commit);
  const values = {
    commit,
    branch: overrides.branch ?? (moved ? undefined : state.branch),
    defaultBranch: overrides.defaultBranch ?? state.defaultBranch,
    name: state.name,
  };
  const parsed = LocalEvent.safeParse(values);
  if (!parsed.success) throw eventError('the state of the checkout', parsed.error, values, HINT);
  const { branch, defaultBranch, name } = parsed.data;
  const remoteUrl = localRemoteUrl(state.remoteUrl ?? '');
  const ref: PushedRef = branch === undefined ? { kind: 'detached' } : { kind: 'branch', name: branch };
  return {
    schemaVersion: 1,
    trigger: 'local',
    commit: parsed.data.commit,
    ref,
    repository: { name, ...(remoteUrl === undefined ? {} : { remoteUrl }) },
    defaultBranch,
  };
}

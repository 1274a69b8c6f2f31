import { eventFromLocal } from '../event/event-from-local.ts';
import { eventFromPipelines } from '../event/event-from-pipelines.ts';
import type { PushEvent } from '../event/push-event.ts';
import { readLocalState } from '../adapters/git/local-state.ts';
import type { Session } from './session.ts';

/** The event of this run: Pipelines' variables inside a step, the clone's own state elsewhere. */
export async function readEvent(directory: string, session: Session): Promise<PushEvent> {
  const { settings, environment, signal } = session;
  const { commit, branch, 'default-branch': defaultBranch } = settings;
  const overrides = { commit, branch, defaultBranch };
  if (environment['BITBUCKET_PIPELINE_UUID']) return eventFromPipelines(environment, overrides);
  return eventFromLocal(await readLocalState(directory, { signal }), overrides);
}

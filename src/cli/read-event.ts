import { eventFromLocal } from '../event/event-from-local.ts';
import { eventFromPipelines } from '../event/event-from-pipelines.ts';
import type { PushEvent } from '../event/push-event.ts';
import { readLocalState, readOriginHead } from '../adapters/git/local-state.ts';
import type { Session } from './session.ts';

/** The event of this run: Pipelines' variables inside a step, the clone's own state elsewhere. */
export async function readEvent(directory: string, session: Session): Promise<PushEvent> {
  const { settings, environment, signal } = session;
  const { commit, branch, 'default-branch': defaultBranch } = settings;
  const overrides = { commit, branch, defaultBranch };
  if (environment['BITBUCKET_PIPELINE_UUID']) return await readStep(directory, overrides, session);
  return eventFromLocal(await readLocalState(directory, { signal }), overrides);
}

/** Who trusts whose records hangs on the default branch, which Pipelines does not tell: a guess is said. */
async function readStep(
  directory: string,
  overrides: Parameters<typeof eventFromPipelines>[1] & object,
  { environment, signal, log }: Session,
): Promise<PushEvent> {
  const isGiven = Boolean(overrides.defaultBranch ?? environment['DEFAULT_BRANCH']);
  const originHead = isGiven ? undefined : await readOriginHead(directory, { signal });
  const event = eventFromPipelines(environment, { ...overrides, originHead });
  if (!isGiven && originHead === undefined)
    log.info(`${event.defaultBranch} is taken for the default branch (DEFAULT_BRANCH names another one)`);
  return event;
}

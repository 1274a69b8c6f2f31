import { PreheatError } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { WORKSPACE_LABEL } from './run-spec.ts';
import type { Workspaces } from './workspace-engine.ts';

export interface StopRequest {
  /** Whose workspaces to end. */
  readonly repository: string;
  /** Only the one with this name. */
  readonly name?: string;
}

/**
 * Ends the workspaces of a repository and returns their names. Throws a `PreheatError` of phase `start`, with code
 * `not-found` where a name was given that none of them has.
 */
export async function stop(
  { repository, name }: StopRequest,
  { workspaces, log }: { readonly workspaces: Workspaces; readonly log: Log },
  options: CallOptions,
): Promise<readonly string[]> {
  const running = await workspaces.list(`${WORKSPACE_LABEL.repository}=${repository}`, options);
  const chosen = running.filter((workspace) => name === undefined || workspace.name === name);
  if (name !== undefined && chosen.length === 0)
    throw unknownName(
      name,
      running.map((each) => each.name),
    );
  await Promise.all(
    chosen.map(async (workspace) => {
      await workspaces.stop(workspace.id, options);
      log.info(`stopped ${workspace.name}`);
    }),
  );
  return chosen.map((workspace) => workspace.name);
}

function unknownName(name: string, running: readonly string[]): PreheatError {
  return new PreheatError(`cannot stop ${name}: no workspace of this repository has that name`, {
    phase: 'start',
    code: 'not-found',
    hint: running.length === 0 ? 'Start one with `preheat start`.' : `Choose one of ${running.join(', ')}.`,
  });
}

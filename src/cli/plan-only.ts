import type { WorkspaceConfig } from '../config/workspace-config.ts';
import type { BaseDecision } from '../plan/base-decision.ts';
import type { CommandResult } from './build-command.ts';
import { foldersOf } from './folders.ts';
import { openSources } from './open-sources.ts';
import { planBase } from './plan-base.ts';
import { planPush, type PlannedPush } from './plan-push.ts';
import { openPorts } from './ports.ts';
import { readCommit, readPushConfig } from './push-context.ts';
import { readEvent } from './read-event.ts';
import { settleRepositories } from './settle-repositories.ts';
import type { Session } from './session.ts';

/** What a plan comes to that nobody carries out. */
export interface PlanOnly {
  readonly config: WorkspaceConfig;
  readonly decision: BaseDecision;
  /** Absent where the base is to be built first, since all else is keyed by its digest. */
  readonly push: PlannedPush | undefined;
}

/** Plans a push and writes what `render` makes of it. Changes nothing, on disk neither. */
export async function planOnly(
  session: Session,
  render: (planned: PlanOnly) => string,
): Promise<CommandResult> {
  const folders = foldersOf(session);
  const event = await readEvent(folders.clone, session);
  await using sources = await openSources(event, folders.clone, session);
  const ports = openPorts(folders, sources, session);
  const pushed = await readCommit(event, sources, ports.repository, session);
  const written = await readPushConfig(pushed, ports.repository, session);
  const { context, config } = await settleRepositories(pushed, written, ports, session);
  const { observed, decision, askedAt } = await planBase(context, config, ports, session);
  const push =
    decision.kind === 'miss'
      ? undefined
      : await planPush(context, config, { observed, askedAt, base: decision.base }, ports, session);
  session.stdout.write(`${render({ config, decision, push })}\n`);
  return { exitCode: 0, lines: [`✔ ${context.commit.id.slice(0, 12)} is planned; nothing was changed`] };
}

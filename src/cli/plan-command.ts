import { renderBase, renderPlan } from '../plan/render-plan.ts';
import type { CommandResult } from './build-command.ts';
import { foldersOf } from './folders.ts';
import { planBase } from './plan-base.ts';
import { planPush } from './plan-push.ts';
import { openSources } from './open-sources.ts';
import { openPorts } from './ports.ts';
import { readCommit, readPushConfig } from './push-context.ts';
import { readEvent } from './read-event.ts';
import type { Session } from './session.ts';

/** `preheat plan`: what a build would reuse and run, and why. Changes nothing, on disk neither. */
export async function planCommand(session: Session): Promise<CommandResult> {
  const folders = foldersOf(session);
  const event = await readEvent(folders.clone, session);
  await using sources = await openSources(event, folders.clone, session);
  const ports = openPorts(folders, sources, session);
  const context = await readCommit(event, sources, ports.repository, session);
  const config = await readPushConfig(context, ports.repository, session);
  const { observed, decision, askedAt } = await planBase(context, config, ports, session);
  const plan =
    decision.kind === 'miss'
      ? undefined
      : (await planPush(context, config, { observed, askedAt, base: decision.base }, ports, session)).plan;
  const lines = [...renderBase(decision), ...(plan === undefined ? [] : renderPlan(plan))];
  const text = session.settings.json ? JSON.stringify({ ...plan, base: decision }) : lines.join('\n');
  session.stdout.write(`${text}\n`);
  return { exitCode: 0, lines: [`✔ ${context.commit.id.slice(0, 12)} is planned; nothing was changed`] };
}

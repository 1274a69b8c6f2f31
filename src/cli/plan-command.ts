import { renderBase, renderPlan } from '../plan/render-plan.ts';
import type { CommandResult } from './build-command.ts';
import { planOnly } from './plan-only.ts';
import type { Session } from './session.ts';

/** `preheat plan`: what a build would reuse and run, and why. Changes nothing. */
export async function planCommand(session: Session): Promise<CommandResult> {
  return await planOnly(session, ({ decision, push }) =>
    session.settings.json
      ? JSON.stringify({ ...push?.plan, base: decision })
      : [...renderBase(decision), ...(push === undefined ? [] : renderPlan(push.plan))].join('\n'),
  );
}

import { renderBase, renderPlan } from '../plan/render-plan.ts';
import type { CommandResult } from './build-command.ts';
import { planOnly } from './plan-only.ts';
import type { Session } from './session.ts';

/** `preheat plan`: what a build would reuse and run, and why. Changes nothing. */
export async function planCommand(session: Session): Promise<CommandResult> {
  return await planOnly(session, ({ decision, push }) => {
    if (session.settings.json) return JSON.stringify({ ...push?.plan, base: decision });
    const lines = push === undefined ? [] : renderPlan(push.plan, session.clock.now());
    return [...renderBase(decision), ...lines].join('\n');
  });
}

import type { WorkspaceConfig } from '../config/workspace-config.ts';
import { PreheatError } from '../kernel/failure.ts';
import type { BuildPlan } from '../plan/build-plan.ts';
import { explainStep } from '../plan/explain-step.ts';
import { renderBase } from '../plan/render-plan.ts';
import type { CommandResult } from './build-command.ts';
import { planOnly } from './plan-only.ts';
import type { Session } from './session.ts';

/** `preheat explain [TASK]`: why the tasks hit or miss, with what their inputs answered. Changes nothing. */
export async function explainCommand(session: Session, operand: string | undefined): Promise<CommandResult> {
  return await planOnly(session, ({ config, decision, push }) => {
    const task = operand === undefined ? undefined : taskNamed(operand, config);
    if (session.settings.json) {
      const { image, steps } = push?.plan ?? {};
      return JSON.stringify({ schemaVersion: 1, task: task?.name, base: decision, image, steps });
    }
    const head = [...renderBase(decision), ...(task === undefined ? [] : aboutTask(task, config))];
    return [...head, ...(push === undefined ? [] : aboutSteps(push.plan, session.clock.now()))].join('\n');
  });
}

function aboutSteps({ image, steps }: BuildPlan, now: Date): readonly string[] {
  return [
    `image: ${image.kind}, ${image.reason}`,
    ...steps.flatMap((step) => ['', step.name, ...explainStep(step, { image, now })]),
  ];
}

type Task = WorkspaceConfig['tasks'][number];

/** By its name, or by its position counted from one. */
function taskNamed(text: string, { tasks }: WorkspaceConfig): Task {
  const found =
    tasks.find(({ name }) => name === text) ?? (/^\d+$/.test(text) ? tasks[Number(text) - 1] : undefined);
  if (found !== undefined) return found;
  const names = tasks.map(({ name }) => name).join(', ');
  throw new PreheatError(`cannot explain ${JSON.stringify(text)}: .gitpod.yml has no such task`, {
    phase: 'usage',
    code: 'usage',
    hint: names === '' ? 'Add tasks to .gitpod.yml first.' : `Name one of these, or its number: ${names}.`,
  });
}

function aboutTask({ name, inputs }: Task, { tasks }: WorkspaceConfig): readonly string[] {
  const declared = inputs === undefined ? 'declares no inputs' : `declares ${inputs.join(', ')}`;
  const others = tasks.length > 1 ? `; all ${tasks.length} tasks are one step` : '';
  return [`${name}: ${declared}${others}`];
}

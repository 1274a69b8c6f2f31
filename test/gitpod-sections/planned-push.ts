import type { WorkspaceConfig } from '../../src/config/workspace-config.ts';
import type { PushEvent } from '../../src/event/push-event.ts';
import type { Facts, TagAnswer } from '../../src/observe/facts.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { BuildPlan } from '../../src/plan/build-plan.ts';
import type { PlanInputs } from '../../src/plan/plan-inputs.ts';
import { plan } from '../../src/plan/plan.ts';
import { CONFIG, EVENT, FACTS, INPUTS, recordFor } from '../support/records.ts';

/** What a push changes of {@link INPUTS} and {@link FACTS}. */
export interface Push {
  readonly event?: Partial<PushEvent>;
  readonly config?: Partial<WorkspaceConfig>;
  readonly settings?: Partial<PlanInputs['settings']>;
  readonly facts?: Partial<Facts>;
}

/** Another commit, with another tree. */
export const NEXT = { commit: { ...FACTS.commit, id: 'e'.repeat(40), tree: 'f'.repeat(40) } } as const;

/** What tasks that declare `lock.txt` as their input find there. */
export const declared = (content: string) =>
  ({
    declared: {
      inputs: ['lock.txt'],
      answers: [{ asked: 'lock.txt', kind: 'file', mode: '100644', id: content }],
    },
  }) as const satisfies Partial<Facts>;

/** The plan of a push. */
export function planOf(
  { event, config, settings, facts }: Push,
  answers: readonly TagAnswer[] = [],
): BuildPlan {
  const inputs = {
    event: { ...EVENT, ...event },
    config: { ...CONFIG, ...config },
    settings: { ...INPUTS.settings, ...settings },
  };
  return plan(inputs, { ...FACTS, ...facts, answers: [...answers] });
}

/** What the registry answers after a push was built, long ago. */
export function answersAfter(push: Push): readonly TagAnswer[] {
  const { commitTag, imageKey, steps, scope } = planOf(push);
  const image: TagAnswer = { kind: 'image', tag: commitTag, digest: digestOf('image'), imageKey, layers: [] };
  const records = steps.map((step): TagAnswer => {
    const record = { ...recordFor(step, scope), recordedAt: '2001-01-01T00:00:00Z' };
    return { kind: 'record', tag: step.recordTag, record };
  });
  return [image, ...records];
}

/** What the planner decides for a push after another one was built, in words. */
export function decidedAfter(earlier: Push, push: Push): string {
  const { image, steps } = planOf(push, answersAfter(earlier));
  if (image.kind === 'hit') return 'nothing is to be done: the image is there';
  return steps.some(({ decision, hasWork }) => decision.kind === 'miss' && hasWork)
    ? 'the tasks run'
    : 'no task runs; an image is put together';
}

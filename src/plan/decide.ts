import type { BuildPlan, PlannedStep } from './build-plan.ts';
import type { StepRecord } from '../observe/step-record.ts';

/** The steps of a plan that are finished, in order. */
export interface Progress {
  readonly finished: readonly string[];
}

/** What a build does next. */
export type Action =
  | { readonly kind: 'keep-image' }
  | { readonly kind: 'run'; readonly step: PlannedStep }
  | { readonly kind: 'reuse'; readonly step: PlannedStep; readonly record: StepRecord }
  | { readonly kind: 'assemble' };

/** The progress of a build that has done nothing yet. */
export const NOTHING_DONE: Progress = { finished: [] };

/** Decides the next action: keep the image as it is, finish the next step of the chain, or put the image together. */
export function decide(plan: BuildPlan, progress: Progress): Action {
  if (plan.image.kind === 'hit') return { kind: 'keep-image' };
  const step = plan.steps[progress.finished.length];
  if (step === undefined) return { kind: 'assemble' };
  return step.decision.kind === 'hit'
    ? { kind: 'reuse', step, record: step.decision.record }
    : { kind: 'run', step };
}

/** The progress once a step is finished. */
export function apply(progress: Progress, step: PlannedStep): Progress {
  return { finished: [...progress.finished, step.name] };
}

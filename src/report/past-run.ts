import type { PastRun } from '../oci/past-run.ts';
import { elapsedMs } from './elapsed.ts';
import type { Outcome, StepOutcome } from './outcome.ts';
import { reuseOf } from './reuse.ts';

/** What a history remembers of a run. */
export function pastRunOf(outcome: Outcome): PastRun {
  const { commit, ref, pullRequest, finishedAt, steps, uploaded } = outcome;
  return {
    commit,
    ref,
    ...(pullRequest !== undefined && { pullRequest }),
    finishedAt,
    durationMs: elapsedMs(outcome),
    steps: steps.map(pastStep),
    imageBytes: reuseOf(outcome).layerBytes,
    uploadedBytes: uploaded.bytes,
  };
}

function pastStep({ name, outcome, durationMs, evidence }: StepOutcome): PastRun['steps'][number] {
  const isSaved = outcome === 'reused' && evidence !== undefined;
  return {
    name,
    outcome,
    ...(durationMs !== undefined && { durationMs }),
    ...(isSaved && { savedMs: evidence.durationMs, savedBytes: evidence.layerBytes }),
  };
}

/** What the reuse of steps spared, in milliseconds, as their records tell it. */
export function savedMs({ steps }: Outcome): number {
  return steps.reduce((sum, step) => sum + (pastStep(step).savedMs ?? 0), 0);
}

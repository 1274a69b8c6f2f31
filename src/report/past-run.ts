import { elapsedMs } from './elapsed.ts';
import type { PastRun } from '../oci/past-run.ts';
import type { Outcome } from './outcome.ts';
import { savedBy } from './saved.ts';

/** What later runs need to know of this one. */
export function pastRunOf(outcome: Outcome): PastRun {
  const { commit, ref, pullRequest, finishedAt, layers, uploaded } = outcome;
  return {
    commit,
    ref,
    ...(pullRequest !== undefined && { pullRequest }),
    finishedAt,
    durationMs: elapsedMs(outcome),
    steps: outcome.steps.map((step) => {
      const saved = savedBy(step);
      return {
        name: step.name,
        outcome: step.outcome,
        ...(step.durationMs !== undefined && { durationMs: step.durationMs }),
        ...(saved !== undefined && { savedMs: saved.ms, savedBytes: saved.bytes }),
      };
    }),
    imageBytes: layers.reduce((sum, { size }) => sum + Math.max(0, size), 0),
    uploadedBytes: uploaded.bytes,
  };
}

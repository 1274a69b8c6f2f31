import type { InputAnswer } from '../observe/input-answer.ts';
import type { HintedRun } from '../observe/step-hint.ts';
import type { NearestRun } from './build-plan.ts';
import { inputChanges } from './input-changes.ts';

/** The earlier run that fewest changes part from these answers; of several the newest. */
export function nearestRun(
  answers: readonly InputAnswer[],
  earlier: readonly HintedRun[],
): NearestRun | undefined {
  const runs = earlier.map((run) => ({ run, changes: inputChanges(run.answers, answers) }));
  const [nearest] = runs.toSorted((a, b) => a.changes.length - b.changes.length);
  if (nearest === undefined) return undefined;
  const { commit, scope, recordedAt, rule, durationMs, layerBytes } = nearest.run;
  const [change] = nearest.changes;
  return {
    commit,
    scope,
    recordedAt,
    rule,
    durationMs,
    layerBytes,
    changes: nearest.changes.length,
    ...(change && { change }),
  };
}

import type { Scope } from '../observe/step-record.ts';
import type { StepDecision } from './build-plan.ts';

/** The run that a decision rests on: the one that is reused, or the one that comes nearest. */
export interface StepEvidence {
  /** Absent for records that did not tell. */
  readonly commit?: string;
  readonly scope: Scope;
  /** RFC 3339. */
  readonly recordedAt: string;
  /** What its tasks took, in milliseconds, and the stored bytes of its layers: spared by a hit, to be expected of a miss. */
  readonly durationMs: number;
  readonly layerBytes: number;
}

/** What a decision rests on; `undefined` where no earlier run is known. */
export function evidenceOf(decision: StepDecision): StepEvidence | undefined {
  if (decision.kind === 'miss') return decision.nearest;
  const { commit, scope, recordedAt, durationMs, layers } = decision.record;
  const layerBytes = layers.reduce((sum, { size }) => sum + size, 0);
  return { ...(commit !== undefined && { commit }), scope, recordedAt, durationMs, layerBytes };
}

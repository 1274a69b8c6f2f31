import type { StepOutcome } from './outcome.ts';

/** What a step that is reused did not have to run and to send. */
export interface Saved {
  readonly ms: number;
  readonly bytes: number;
}

/** What a record spared: all that the run took from which it is. `undefined` for a step that was not reused. */
export function savedBy({ outcome, evidence }: StepOutcome): Saved | undefined {
  if (outcome !== 'reused' || evidence === undefined) return undefined;
  return { ms: evidence.durationMs, bytes: evidence.layerBytes };
}

/** What all steps of a run spared. */
export function savedInAll(steps: readonly StepOutcome[]): Saved {
  const saved = steps.map(savedBy).filter((part) => part !== undefined);
  return {
    ms: saved.reduce((sum, { ms }) => sum + ms, 0),
    bytes: saved.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

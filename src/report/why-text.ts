import type { StepOutcome } from './outcome.ts';

/** Why a step ran, by the input that caused it, else by the reason that the plan gave. */
export function whyText({ outcome, reason, change, changes = 0 }: StepOutcome): string {
  if (outcome === 'reused' || change === undefined) return reason;
  const { path, how, before, after } = change;
  const values = before === undefined || after === undefined ? how : `${before} → ${after}`;
  const others = changes > 1 ? `, and ${changes - 1} more` : '';
  return `${path}: ${values}${others}`;
}

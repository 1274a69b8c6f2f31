import type { StepOutcome } from './outcome.ts';

/** Why a step ran, by the input that caused it, else by the reason that the plan gave. */
export function whyText({ outcome, reason, change, changes = 0 }: StepOutcome): string {
  if (outcome === 'reused' || change === undefined) return reason;
  const { path, how, before, after } = change;
  const values = before === undefined || after === undefined ? how : `${shortId(before)} → ${shortId(after)}`;
  const others = changes > 1 ? `, and ${changes - 1} more` : '';
  return `${path}: ${values}${others}`;
}

/** Object ids are long, and differ early. */
function shortId(value: string): string {
  return /^[0-9a-f]{40,64}$/.test(value) ? value.slice(0, 12) : value;
}

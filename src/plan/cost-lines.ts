import { ageText, bytesText, durationText } from '../kernel/amounts.ts';
import type { PlannedStep } from './build-plan.ts';
import { evidenceOf } from './step-evidence.ts';

/** What a step spares, or may take, as far as an earlier run tells, and how old that is; as lines for people. */
export function costLines({ decision, hasWork }: PlannedStep, now: Date): readonly string[] {
  const evidence = hasWork ? evidenceOf(decision) : undefined;
  if (evidence === undefined) return [];
  const { durationMs, layerBytes, recordedAt } = evidence;
  const cost = `${durationText(durationMs)} of tasks and ${bytesText(layerBytes)} of layers`;
  const age = ageText(recordedAt, now);
  return [
    decision.kind === 'hit' ? `spares ${cost} (${age})` : `costs  about ${cost}, as that run did (${age})`,
  ];
}

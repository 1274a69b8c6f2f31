import { bytesText, durationText } from '../kernel/amounts.ts';
import type { PlannedStep } from './build-plan.ts';
import { evidenceOf } from './step-evidence.ts';

/** What a step spares, or may take, as far as an earlier run tells; as lines for people. */
export function costLines({ decision, hasWork }: PlannedStep): readonly string[] {
  const evidence = hasWork ? evidenceOf(decision) : undefined;
  if (evidence === undefined) return [];
  const cost = `${durationText(evidence.durationMs)} of tasks and ${bytesText(evidence.layerBytes)} of layers`;
  return [decision.kind === 'hit' ? `spares ${cost}` : `costs  about ${cost}, as that run did`];
}

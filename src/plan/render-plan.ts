import type { BaseDecision } from './base-decision.ts';
import { bytesText } from '../kernel/amounts.ts';
import type { BuildPlan, PlannedSources } from './build-plan.ts';
import { costLines } from './cost-lines.ts';
import { scopeText } from './scope.ts';

/** A plan as lines for people; ages are those at `now`. */
export function renderPlan(plan: BuildPlan, now: Date): readonly string[] {
  const mark = (kind: 'hit' | 'miss'): string => (kind === 'hit' ? 'reuse' : 'make ');
  const steps = plan.steps.flatMap((step) => {
    const word = step.decision.kind === 'hit' ? 'reuse' : step.hasWork ? 'run  ' : 'read ';
    return [`${word}  ${step.name}: ${step.decision.reason} [${step.rule}]`, ...costLines(step, now)];
  });
  return [
    `scope  ${scopeText(plan.scope)}`,
    `${mark(plan.image.kind)}  image: ${plan.image.reason}`,
    ...(plan.image.kind === 'hit' ? [] : steps),
    ...sourceLines(plan.sources),
    `tag    ${plan.commitTag}${plan.hintTags.map((tag) => `, ${tag}`).join('')}`,
  ];
}

function sourceLines(sources: PlannedSources | undefined): readonly string[] {
  if (sources === undefined) return [];
  if (sources.kind === 'keyframe') return [`whole  sources: as a new keyframe, ${sources.reason}`];
  const { reason, keyframeBytes, mostBytes } = sources;
  return [
    `delta  sources: ${reason}, whose ${bytesText(keyframeBytes)} are there; at most ${bytesText(mostBytes)} more`,
  ];
}

/** What happens to the base, as lines for people; nothing where somebody else made it. */
export function renderBase(decision: BaseDecision): readonly string[] {
  if (decision.kind === 'named') return [];
  if (decision.kind === 'hit') return [`reuse  base: ${decision.reason}`];
  return [`make   base: ${decision.reason}`, 'then   what else there is to do follows from the new base'];
}

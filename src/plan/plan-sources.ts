import type { Facts } from '../observe/facts.ts';
import type { Owner } from '../observe/step-record.ts';
import { keyframeTag } from '../oci/tags.ts';
import type { PlannedSources, StepDecision } from './build-plan.ts';
import { keyframeDue, largestDelta, type WantedSource } from './keyframe-due.ts';
import type { PlanInputs } from './plan-inputs.ts';
import type { Scopes } from './scope.ts';

/** What the layers of a step ask of the sources above them. */
export interface SourceGround {
  /** Whom the checkout belongs to, once it is known. */
  readonly owner?: Owner | undefined;
  readonly wholeBecause?: string | undefined;
}

/** The source layer that a push needs, over the layers of its step. */
export function wantedSource(
  { config, settings }: PlanInputs,
  { commit }: Pick<Facts, 'commit'>,
  ground: SourceGround,
): WantedSource {
  const { historyDepth, laying } = settings;
  return { commit: commit.id, location: config.checkoutLocation, historyDepth, mode: laying, ...ground };
}

/** Decides, as far as it can be told before anything is made, whether sources are laid whole or as a delta. */
export function planSources(
  inputs: PlanInputs,
  facts: Facts,
  scopes: Scopes,
  step: StepDecision,
): PlannedSources {
  const { nearest, newest = 0 } = facts.keyframes ?? {};
  const due = keyframeDue(nearest?.keyframe, wantedSource(inputs, facts, groundOf(step)));
  const next = keyframeTag(scopes.write, newest + 1, facts.commit.id);
  if (due !== undefined || nearest === undefined)
    return { kind: 'keyframe', reason: due ?? 'there is no keyframe yet', next };
  const { layer, checkout } = nearest.keyframe;
  const reason = `upon the keyframe of commit ${checkout.commit.slice(0, 12)}`;
  const mostBytes = largestDelta(nearest.keyframe);
  return { kind: 'delta', reason, tag: nearest.tag, keyframeBytes: layer.size, mostBytes, next };
}

function groundOf(step: StepDecision): SourceGround {
  if (step.kind === 'miss') return {};
  const { user, sourceOwner, wholeSources } = step.record;
  return { owner: sourceOwner ?? user, wholeBecause: wholeSources };
}

import type { BuildPlan, ImageDecision, PlannedStep } from './build-plan.ts';
import type { Facts } from '../observe/facts.ts';
import { branchHint, commitTag, pullRequestHint, recordTag, stepHintTag } from '../oci/tags.ts';
import type { Platform } from '../oci/platform.ts';
import type { PushEvent } from '../event/push-event.ts';
import { decideStep } from './decide-step.ts';
import type { PlanInputs } from './plan-inputs.ts';
import { planSources } from './plan-sources.ts';
import { scopesOf, type Scopes } from './scope.ts';
import { imageKey, stepKeys, type StepKeys } from './step-keys.ts';

/** The name of the one step that all tasks share. */
export const TASKS_STEP = 'tasks';

/** Decides what a build reuses and what it runs. Pure: the same inputs and facts give the same plan. */
export function plan(inputs: PlanInputs, facts: Facts): BuildPlan {
  const scopes = scopesOf(inputs.event, inputs.settings.protectedBranches);
  const keys = stepKeys(inputs, facts);
  const key = imageKey(inputs, facts, keys);
  const tag = commitTag(scopes.write, facts.commit.id, facts.platform);
  const image = decideImage(facts, tag, key);
  const step = tasksStep(facts, scopes, keys);
  return {
    schemaVersion: 1,
    scope: scopes.write,
    imageKey: key,
    commitTag: tag,
    hintTags: hintTags(inputs.event, facts.platform),
    image,
    steps: [step],
    ...(image.kind === 'miss' && { sources: planSources(inputs, facts, scopes, step.decision) }),
  };
}

function tasksStep(facts: Facts, scopes: Scopes, keys: StepKeys): PlannedStep {
  const { staticKey, contentKey, answers, hasWork } = keys;
  return {
    name: TASKS_STEP,
    rule: facts.declared === undefined ? 'whole-tree' : 'declared',
    staticKey,
    contentKey,
    answers: [...answers],
    hasWork,
    recordTag: recordTag(scopes.write, contentKey),
    hintTag: stepHintTag(scopes.write, staticKey),
    decision: decideStep(facts, scopes, keys),
  };
}

function decideImage(facts: Facts, tag: string, key: string): ImageDecision {
  const commit = facts.commit.id.slice(0, 12);
  const answer = facts.answers.find((found) => found.kind === 'image' && found.tag === tag);
  if (answer?.kind !== 'image' || answer.digest === undefined) {
    return { kind: 'miss', reason: `there is no image of commit ${commit} in this scope yet` };
  }
  if (answer.imageKey === key) {
    const reason = `the image of commit ${commit} is there, made from the same inputs`;
    return { kind: 'hit', reason, digest: answer.digest, layers: answer.layers ?? [] };
  }
  return {
    kind: 'miss',
    reason: `the image of commit ${commit} was made from another base, configuration or version`,
  };
}

function hintTags({ ref, pullRequest }: PushEvent, platform: Platform): string[] {
  // A commit apart from its branch (`--commit`) is not the newest of anything.
  if (ref.kind !== 'branch') return [];
  // A pull request's image may come from a run that its branch's readers must not trust; so each has its own hint.
  return [
    pullRequest === undefined ? branchHint(ref.name, platform) : pullRequestHint(pullRequest.id, platform),
  ];
}

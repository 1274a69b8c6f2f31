import type { RecordQuestion } from '../observe/record-question.ts';
import { commitTag, recordTag, scopeSlug, stepHintTag } from '../oci/tags.ts';
import type { PlanInputs, SourceFacts } from './plan-inputs.ts';
import { scopesOf } from './scope.ts';
import { imageKey, stepKeys } from './step-keys.ts';

/**
 * Which tags could spare this build work, best first: the image of the commit, then the step's record in each scope
 * that may be read. Asked before planning, so that planning itself reads nothing.
 */
export function recordQuestions(inputs: PlanInputs, facts: SourceFacts): readonly RecordQuestion[] {
  const scopes = scopesOf(inputs.event, inputs.settings.protectedBranches);
  const keys = stepKeys(inputs, facts);
  const image: RecordQuestion = {
    kind: 'image',
    tag: commitTag(scopes.write, facts.commit.id, facts.platform),
    imageKey: imageKey(inputs, facts, keys),
  };
  const records = scopes.read.map((scope): RecordQuestion => ({
    kind: 'record',
    tag: recordTag(scope, keys.contentKey),
    contentKey: keys.contentKey,
  }));
  return [image, ...records];
}

/** Which tags may tell of earlier runs of the step, best first; none for a step that runs nothing. */
export function hintQuestions(inputs: PlanInputs, facts: SourceFacts): readonly string[] {
  const { staticKey, hasWork } = stepKeys(inputs, facts);
  if (!hasWork) return [];
  return scopesOf(inputs.event, inputs.settings.protectedBranches).read.map((scope) =>
    stepHintTag(scope, staticKey),
  );
}

/** Whose keyframes sources may be laid upon, as scopes stand in tags, best first. */
export function keyframeScopes({ event, settings }: PlanInputs): readonly string[] {
  return scopesOf(event, settings.protectedBranches).read.map(scopeSlug);
}

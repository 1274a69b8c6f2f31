import type { Facts, TagAnswer } from '../observe/facts.ts';
import { shortDigest } from '../oci/digest.ts';
import { recordTag } from '../oci/tags.ts';
import type { NearestRun, StepDecision } from './build-plan.ts';
import { changeText } from './change-text.ts';
import { nearestRun } from './nearest-run.ts';
import { scopeText, type Scopes } from './scope.ts';
import type { StepKeys } from './step-keys.ts';

/** Whether a record serves in the place of a run, and else why not: what differs from the run that comes nearest. */
export function decideStep(facts: Facts, scopes: Scopes, keys: StepKeys): StepDecision {
  const { contentKey, staticKey } = keys;
  for (const scope of scopes.read) {
    const tag = recordTag(scope, contentKey);
    const answer = recordUnder(tag, facts.answers);
    const record = answer?.unfit === undefined ? answer?.record : undefined;
    // The tag holds but a part of the key: what it points at must say that it is meant.
    if (record?.contentKey === contentKey && record.staticKey === staticKey) {
      const at =
        record.commit === undefined || record.commit === facts.commit.id
          ? ''
          : ` at commit ${short(record.commit)}`;
      return {
        kind: 'hit',
        reason: `${scopeText(record.scope)} ran it with the same inputs${at}`,
        tag,
        record,
      };
    }
  }
  const nearest = nearestRun(keys.answers, facts.earlier ?? []);
  return { kind: 'miss', reason: reasonOf(facts, keys, nearest), ...(nearest && { nearest }) };
}

function reasonOf(facts: Facts, { hasWork }: StepKeys, nearest: NearestRun | undefined): string {
  const records = facts.answers.filter((answer) => answer.kind === 'record');
  const unfit = records.find((answer) => answer.unfit !== undefined)?.unfit;
  if (unfit !== undefined) return `the record with these inputs does not fit the sources: ${unfit}`;
  const unusable = records.find((answer) => answer.unusable !== undefined)?.unusable;
  if (unusable !== undefined) return `its record cannot be used: ${unusable}`;
  if (nearest !== undefined) return `${differenceTo(nearest, facts)} (${sinceText(nearest)})`;
  const base = shortDigest(facts.base.digest);
  return `no record of these tasks for ${inputsText(facts, hasWork)} on base ${base}`;
}

function inputsText({ declared, commit }: Facts, hasWork: boolean): string {
  if (!hasWork) return 'a configuration without tasks';
  return declared === undefined ? `commit ${short(commit.id)} (whole-tree rule)` : 'these declared inputs';
}

function differenceTo(
  { change, changes, commit, rule }: NearestRun,
  { commit: here, declared }: Facts,
): string {
  if (change === undefined) return 'nothing that is known differs, but the record has gone';
  const more = changes > 1 ? ` and ${changes - 1} more` : '';
  if (rule === 'whole-tree' && declared === undefined && change.path === '.git') {
    return commit === here.id
      ? 'ref, remote, history or submodules differ'
      : `commit: ${short(commit)} → ${short(here.id)} (whole-tree rule)`;
  }
  return `${changeText(change)}${more}`;
}

function sinceText({ commit, scope }: NearestRun): string {
  return `since commit ${short(commit)} of ${scopeText(scope)}`;
}

function short(commit: string): string {
  return commit.slice(0, 12);
}

function recordUnder(tag: string, answers: readonly TagAnswer[]) {
  const answer = answers.find((found) => found.kind === 'record' && found.tag === tag);
  return answer?.kind === 'record' ? answer : undefined;
}

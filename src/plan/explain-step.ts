import { ageText, bytesText, durationText } from '../kernel/amounts.ts';
import type { InputAnswer } from '../observe/input-answer.ts';
import type { ImageDecision, PlannedStep, StepDecision } from './build-plan.ts';
import { scopeText } from './scope.ts';
import { evidenceOf } from './step-evidence.ts';

const MOST_ANSWERS = 20;

/** Why a step hits or misses, as lines for people. With an image that is kept, nobody asked for its record. */
export function explainStep(
  step: PlannedStep,
  { image, now }: { readonly image: ImageDecision; readonly now: Date },
): readonly string[] {
  const { rule, staticKey, contentKey } = step;
  const rows: readonly (readonly [string, string])[] = [
    ...(image.kind === 'hit' ? [['kept', image.reason] as const] : decisionRows(step, now)),
    ['rule', rule],
    ['static key', staticKey],
    ['content key', contentKey],
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return [...rows.map(([label, text]) => `${label.padEnd(width)}${text}`), ...inputLines(step.answers)];
}

function decisionRows(
  { decision, recordTag }: PlannedStep,
  now: Date,
): readonly (readonly [string, string])[] {
  const record = decision.kind === 'hit' ? decision.tag : `${recordTag} (none that serves)`;
  return [[decision.kind, decision.reason], ...evidenceRows(decision, now), ['record', record]];
}

function evidenceRows(decision: StepDecision, now: Date): readonly (readonly [string, string])[] {
  const evidence = evidenceOf(decision);
  if (evidence === undefined) return [];
  const { commit, scope, recordedAt, durationMs, layerBytes } = evidence;
  const where = `${commit === undefined ? '' : `commit ${commit.slice(0, 12)} of `}${scopeText(scope)}`;
  const cost = `${durationText(durationMs)} of tasks, ${bytesText(layerBytes)} of layers`;
  return [
    [decision.kind === 'hit' ? 'run' : 'nearest run', `${where}, ${ageText(recordedAt, now)}`],
    [decision.kind === 'hit' ? 'spared' : 'expected', cost],
  ];
}

function inputLines(answers: readonly InputAnswer[]): readonly string[] {
  const lines = answers.slice(0, MOST_ANSWERS).map((answer) => `  ${answerText(answer)}`);
  const more = answers.length - lines.length;
  return ['inputs', ...lines, ...(more > 0 ? [`  and ${more} more (--json has all)`] : [])];
}

function answerText({ asked, kind, mode, id, attributes, ancestor, members }: InputAnswer): string {
  const name = Buffer.from(asked, 'latin1').toString('utf8');
  const words = [
    kind,
    members && `of ${members.length}`,
    mode,
    id?.replace(/^sha256:/, '').slice(0, 12),
    attributes,
    ancestor === undefined ? undefined : `below ${ancestor || 'the root'}`,
  ];
  return `${name}: ${words.filter(Boolean).join(' ')}`;
}

import { bytesText, durationText } from '../kernel/amounts.ts';
import { remedyLines } from '../kernel/remedy.ts';
import { elapsedMs } from './elapsed.ts';
import type { Outcome } from './outcome.ts';
import { reuseOf } from './reuse.ts';

/** The last lines of the log: where the image is, what the run cost, what to do when it failed, and last the result. */
export function summaryLines(outcome: Outcome): readonly string[] {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['image', outcome.image],
    ['digest', outcome.digest],
    ['reused', reusedText(outcome)],
    ['ran', ranText(outcome)],
    ['uploaded', uploadedText(outcome)],
    ['time', durationText(elapsedMs(outcome))],
    ['hint', outcome.failure?.hint],
    ['step', outcome.failure?.tolerated ? "goes on all the same, as FAIL_ON_TASK is not 'true'" : undefined],
  ];
  return [
    ...rows.flatMap(([label, text]) => (text ? [`  ${label.padEnd(9)} ${text}`] : [])),
    ...remedyLines(outcome.failure?.remedy),
    headline(outcome),
  ];
}

function headline({ result, commit, failure }: Outcome): string {
  const short = commit === '' ? 'the commit' : commit.slice(0, 12);
  if (result === 'warm') return `✔ ${short} is warm`;
  if (result === 'interrupted') return `✖ ${short} is not warm: the run was interrupted`;
  return `✖ ${short} is not warm${failure === undefined ? '' : `: ${failure.message}`}`;
}

function reusedText(outcome: Outcome): string | undefined {
  const reuse = reuseOf(outcome);
  const steps = reuse.steps > 0 ? [`${reuse.reusedSteps} of ${reuse.steps} steps`] : [];
  const sizes = `${bytesText(reuse.reusedLayerBytes)} of ${bytesText(reuse.layerBytes)}`;
  const layers = reuse.layers > 0 ? [`${reuse.reusedLayers} of ${reuse.layers} layers (${sizes})`] : [];
  return [...steps, ...layers].join(', ');
}

/** What steps took, beside what was expected of them. */
function ranText({ steps, layers }: Outcome): string | undefined {
  const made = layers.filter(({ role, reused }) => !reused && (role === 'task' || role === 'patch'));
  const bytes = made.reduce((sum, { size }) => sum + size, 0);
  const texts = steps.flatMap(({ name, outcome, durationMs, evidence }) => {
    if (outcome !== 'ran' || durationMs === undefined || evidence === undefined) return [];
    const expected = `${durationText(evidence.durationMs)} and ${bytesText(evidence.layerBytes)}`;
    return [`${name} in ${durationText(durationMs)} for ${bytesText(bytes)}; expected were ${expected}`];
  });
  return texts.length === 0 ? undefined : texts.join(', ');
}

function uploadedText({ uploaded }: Outcome): string {
  if (uploaded.blobs === 0) return 'nothing';
  return `${uploaded.blobs} ${uploaded.blobs === 1 ? 'blob' : 'blobs'}, ${bytesText(uploaded.bytes)}`;
}

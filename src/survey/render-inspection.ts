import { ageText, bytesText, durationText } from '../kernel/amounts.ts';
import type { ImageInspection } from './image-inspection.ts';

/** What an image is made of, as lines for people. */
export function renderInspection(inspection: ImageInspection, now: Date): readonly string[] {
  const { image, digest, commit, base, imageKey, stepKey, layers } = inspection;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['image', image],
    ['digest', digest],
    ['commit', commit],
    ['base', [base.name, base.digest].filter(Boolean).join(' ')],
    ['image key', imageKey],
    ['step key', stepKey],
    ['tasks', runText(inspection, now)],
  ];
  const bytes = layers.reduce((sum, { size }) => sum + size, 0);
  return [
    ...rows.flatMap(([label, text]) => (text ? [`${label.padEnd(11)}${text}`] : [])),
    '',
    `${layers.length} layers, ${bytesText(bytes)}, from bottom to top`,
    ...layers.map(
      ({ role, size, digest: id, madeBy }) =>
        `  ${role.padEnd(8)}${bytesText(size).padStart(8)}  ${id.slice(7, 19)}  ${madeBy}`,
    ),
  ];
}

function runText({ run, stepKey }: ImageInspection, now: Date): string | undefined {
  if (run === undefined) return stepKey === undefined ? undefined : 'the record of their run has gone';
  const where = run.commit === undefined ? run.scope : `commit ${run.commit.slice(0, 12)} of ${run.scope}`;
  const took = `${durationText(run.durationMs)}, ${ageText(run.recordedAt, now)}`;
  return `${run.reused ? 'reused: they ran' : 'ran'} at ${where} (${run.rule}; ${took})`;
}

import { remedyLines } from '../kernel/remedy.ts';
import type { Finding, Mark } from './finding.ts';

const MARKS: Readonly<Record<Mark, string>> = { good: '✔', warning: '!', bad: '✖' };
const COLUMN = 14;

/** The findings as people read them: what is so, why it matters, what to change, and what to paste. */
export function renderFindings(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ check, mark, found, why, change, remedy }) => {
    const indent = ' '.repeat(COLUMN + 2);
    return [
      `${MARKS[mark]} ${check.padEnd(COLUMN)}${found}`,
      `${indent}why: ${why}`,
      ...(change === undefined ? [] : [`${indent}change: ${change}`]),
      ...remedyLines(remedy),
    ];
  });
}

/** The last line: whether a build would work here, and what stands against it. */
export function verdictLine(findings: readonly Finding[]): string {
  const named = (mark: Mark): readonly string[] =>
    findings.filter((finding) => finding.mark === mark).map(({ check }) => check);
  const [bad, warnings] = [named('bad'), named('warning')];
  if (bad.length > 0) return `✖ a build would fail here: ${bad.join(', ')}`;
  const notes = warnings.length > 0 ? `, with ${warnings.length} to look at: ${warnings.join(', ')}` : '';
  return `✔ a build works here: ${findings.length} checks${notes}`;
}

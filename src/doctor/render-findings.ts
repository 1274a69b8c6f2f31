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

/** The last line: whether all that a build needs is there, and what is not. */
export function verdictLine(findings: readonly Finding[]): string {
  const named = (mark: Mark): readonly string[] =>
    findings.filter((finding) => finding.mark === mark).map(({ check }) => check);
  const [bad, warnings] = [named('bad'), named('warning')];
  if (bad.length > 0) return `✖ not ready: ${bad.join(', ')}`;
  const checks = `${findings.length} check${findings.length === 1 ? '' : 's'}`;
  const notes = warnings.length > 0 ? `, ${warnings.length} to look at (${warnings.join(', ')})` : '';
  return `✔ ready: ${checks}${notes}`;
}

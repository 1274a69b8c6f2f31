import type { Diagnostic, Severity } from '../kernel/diagnostic.ts';
import { codeFrame } from './code-frame.ts';
import { pathText, type Finding, type FindingPlace } from './finding.ts';
import type { TextRange } from './locate.ts';
import { textLines, type TextLines } from './text-lines.ts';

/** More than anybody reads; a broken megabyte could fill the log otherwise. */
const MOST_FINDINGS = 100;

/** Finds the place of a finding in the text, as the language of the file has it. */
export type RangeOf = (where: FindingPlace) => TextRange;

export interface DrawOptions {
  readonly rangeOf: RangeOf;
  readonly strict: boolean;
}

interface JudgedFinding {
  readonly finding: Finding;
  readonly severity: Severity;
}

type PlacedFinding = JudgedFinding & TextRange;

/**
 * Turns findings into diagnostics with positions in `text` and frames, ordered by position. Of more than a hundred the
 * errors are kept first.
 */
export function drawDiagnostics(
  findings: readonly Finding[],
  text: string,
  options: DrawOptions,
): readonly Diagnostic[] {
  const judged = findings.map((finding) => ({ finding, severity: severityOf(finding, options.strict) }));
  const kept = [...judged.filter(isError), ...judged.filter((one) => !isError(one))].slice(0, MOST_FINDINGS);
  // To find a place in the tree takes as long as the tree is wide, so that only few are looked for.
  const placed = kept.map((one): PlacedFinding => ({
    ...one,
    ...options.rangeOf(one.finding.where),
  }));
  const lines = textLines(text);
  const diagnostics = placed.toSorted(byPosition).map((one) => draw(one, lines));
  const hidden = judged.length - kept.length;
  return hidden > 0 ? [...diagnostics, remainder(hidden, diagnostics)] : diagnostics;
}

function severityOf({ severity }: Finding, strict: boolean): Severity {
  if (severity !== 'refused') return severity;
  return strict ? 'error' : 'warning';
}

function isError({ severity }: JudgedFinding): boolean {
  return severity === 'error';
}

function byPosition(a: PlacedFinding, b: PlacedFinding): number {
  return a.start - b.start || a.end - b.end;
}

function draw({ finding, severity, start, end }: PlacedFinding, lines: TextLines): Diagnostic {
  const { line, column } = lines.position(start);
  const last = lines.position(end);
  const endColumn = last.line === line ? last.column : (lines.lines[line - 1] ?? '').length + 1;
  return {
    severity,
    message: finding.message,
    path: 'path' in finding.where ? pathText(finding.where.path) : '',
    line,
    column,
    ...(endColumn > column ? { endColumn } : {}),
    frame: codeFrame(lines.lines, { line, column, endColumn: Math.max(endColumn, column + 1) }),
    ...(finding.suggestion === undefined ? {} : { suggestion: finding.suggestion }),
  };
}

function remainder(count: number, diagnostics: readonly Diagnostic[]): Diagnostic {
  const { line = 1, column = 1 } = diagnostics.at(-1) ?? {};
  return {
    severity: 'info',
    message: `${count} more findings are not shown`,
    path: '',
    line,
    column,
    frame: '',
  };
}

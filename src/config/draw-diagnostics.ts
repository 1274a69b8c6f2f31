import type { Document } from 'yaml';
import type { Diagnostic, Severity } from '../kernel/diagnostic.ts';
import { codeFrame } from './code-frame.ts';
import { pathText, type Finding } from './finding.ts';
import { locate, type TextRange } from './locate.ts';
import { locateWithin } from './locate-within.ts';
import { textLines, type TextLines } from './text-lines.ts';

/** More than anybody reads; a broken megabyte could fill the log otherwise. */
const MOST_FINDINGS = 100;

export interface DrawOptions {
  /** The tree in which findings by path are looked up. */
  readonly document: Document | undefined;
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
    ...rangeOf(one.finding, text, options.document),
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

function rangeOf({ where }: Finding, text: string, document: Document | undefined): TextRange {
  if ('start' in where) return where;
  if (document === undefined) return { start: 0, end: 0 };
  if ('within' in where) return locateWithin(document, text, where.path, where.within);
  return locate(document, where.path, where.at);
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

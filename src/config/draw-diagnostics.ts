import type { Document } from 'yaml';
import { hasErrors, type Diagnostic, type Severity } from '../kernel/diagnostic.ts';
import { codeFrame } from './code-frame.ts';
import { pathText, type Finding } from './finding.ts';
import { locate, type TextRange } from './locate.ts';
import { textLines, type TextLines } from './text-lines.ts';

/** More than anybody reads; a broken megabyte could fill the log otherwise. */
const MOST_FINDINGS = 100;

export interface DrawOptions {
  /** The tree in which findings by path are looked up. */
  readonly document: Document | undefined;
  readonly strict: boolean;
}

interface PlacedFinding extends TextRange {
  readonly finding: Finding;
  readonly severity: Severity;
}

/**
 * Turns findings into diagnostics with positions in `text` and frames, ordered by position. Of more than a hundred the
 * errors are kept first.
 */
export function drawDiagnostics(
  findings: readonly Finding[],
  text: string,
  options: DrawOptions,
): readonly Diagnostic[] {
  const placed = findings.map((finding): PlacedFinding => {
    return { finding, severity: severityOf(finding, options.strict), ...rangeOf(finding, options.document) };
  });
  const kept = [...placed.filter(isError), ...placed.filter((one) => !isError(one))].slice(0, MOST_FINDINGS);
  const lines = textLines(text);
  const diagnostics = kept.toSorted(byPosition).map((one) => draw(one, lines));
  const hidden = placed.length - kept.length;
  return hidden > 0 ? [...diagnostics, remainder(hidden, diagnostics)] : diagnostics;
}

function severityOf({ severity }: Finding, strict: boolean): Severity {
  if (severity !== 'refused') return severity;
  return strict ? 'error' : 'warning';
}

function isError({ severity }: PlacedFinding): boolean {
  return severity === 'error';
}

function byPosition(a: PlacedFinding, b: PlacedFinding): number {
  return a.start - b.start || a.end - b.end;
}

function rangeOf({ where }: Finding, document: Document | undefined): TextRange {
  if ('start' in where) return where;
  return document === undefined ? { start: 0, end: 0 } : locate(document, where.path, where.at);
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
  const severity = hasErrors(diagnostics) ? 'error' : 'warning';
  return { severity, message: `${count} more findings are not shown`, path: '', line, column, frame: '' };
}

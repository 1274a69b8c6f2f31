import type { Diagnostic, Severity } from '../kernel/diagnostic.ts';

const COLORS: Readonly<Record<Severity | 'strong' | 'dim', number>> = {
  error: 31,
  warning: 33,
  info: 36,
  strong: 1,
  dim: 2,
};

type Paint = (style: keyof typeof COLORS, text: string) => string;

/**
 * Writes findings as compilers do: `file:line:column severity message`, the code frame, the suggestion, and a count at
 * the end. Without findings the text is empty; otherwise it ends with a line feed.
 */
export function renderDiagnostics(
  file: string,
  diagnostics: readonly Diagnostic[],
  options: { readonly color: boolean },
): string {
  if (diagnostics.length === 0) return '';
  const paint: Paint = options.color
    ? (style, text) => `\u001B[${COLORS[style]}m${text}\u001B[0m`
    : (_style, text) => text;
  const blocks = diagnostics.map((diagnostic) => block(file, diagnostic, paint));
  return `${blocks.join('\n\n')}\n\n${countOf(diagnostics)}\n`;
}

/** `2 errors, 1 warning`; kinds that do not occur are left out. */
export function countOf(diagnostics: readonly Diagnostic[]): string {
  const amount = (severity: Severity, one: string, many: string): readonly string[] => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  };
  return [
    ...amount('error', 'error', 'errors'),
    ...amount('warning', 'warning', 'warnings'),
    ...amount('info', 'note', 'notes'),
  ].join(', ');
}

function block(file: string, diagnostic: Diagnostic, paint: Paint): string {
  const { severity, message, line, column, frame, suggestion } = diagnostic;
  const head = `${paint('strong', `${file}:${line}:${column}`)} ${paint(severity, severity)} ${message}`;
  const body = frame === '' ? [] : frame.split('\n').map((row) => paintRow(row, severity, paint));
  return [head, ...body, ...(suggestion === undefined ? [] : [`  ${suggestion}`])].join('\n');
}

/** The caret row takes the colour of the severity, the neighbours of the line at fault step back. */
function paintRow(row: string, severity: Severity, paint: Paint): string {
  if (row.startsWith('>')) return row;
  return /^ +\| \s*\^+$/.test(row) ? paint(severity, row) : paint('dim', row);
}

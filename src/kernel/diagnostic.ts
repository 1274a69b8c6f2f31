/**
 * How much a finding matters: an `error` stops the run, a `warning` changes what someone gets, `info` is to be
 * known.
 */
export type Severity = 'error' | 'warning' | 'info';

/** One finding about a text that a person wrote, told where it is and with the lines around it. */
export interface Diagnostic {
  readonly severity: Severity;
  /** What is wrong, without a trailing full stop. */
  readonly message: string;
  /** Where in the document's structure, such as `tasks[0].init`; empty for the document as a whole. */
  readonly path: string;
  /** Counted from one. */
  readonly line: number;
  /** Counted from one, in UTF-16 code units as editors count. */
  readonly column: number;
  /** The first column behind the finding on the same line; absent where it is a point. */
  readonly endColumn?: number;
  /** The lines around the finding, numbered, with carets below it; no colours. */
  readonly frame: string;
  /** What to write instead: one sentence that starts with a verb, or a question. */
  readonly suggestion?: string;
}

/** Whether any of the findings stops the run. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

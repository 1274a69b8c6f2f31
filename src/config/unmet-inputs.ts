import type { Diagnostic } from '../kernel/diagnostic.ts';
import { drawDiagnostics } from './draw-diagnostics.ts';
import type { Finding } from './finding.ts';
import { normalInput } from './input-list.ts';
import { writtenInputs } from './task-inputs.ts';

/**
 * Warnings of what is wrong with inputs at a commit (by their normal form, why), drawn where comments of the file declare
 * them; those that no comment declares are not among them. `written` is the text of a file that was read without errors.
 */
export function unmetInputs(written: string, faults: ReadonlyMap<string, string>): readonly Diagnostic[] {
  const text = written.replace(/^\uFEFF/, '');
  const findings = writtenInputs(text).flatMap(({ text: input, start, end }): readonly Finding[] => {
    const message = faults.get(normalInput(input));
    return message === undefined ? [] : [{ severity: 'warning', where: { start, end }, message }];
  });
  return drawDiagnostics(findings, text, { document: undefined, strict: false });
}

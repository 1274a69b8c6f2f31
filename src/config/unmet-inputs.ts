import type { Diagnostic } from '../kernel/diagnostic.ts';
import { isDevcontainerFile, type ConfigFile } from './config-file.ts';
import { lineCommentsIn } from './devcontainer/jsonc-comments.ts';
import { drawDiagnostics } from './draw-diagnostics.ts';
import type { Finding } from './finding.ts';
import { normalInput } from './input-list.ts';
import { writtenInputs } from './task-inputs.ts';
import { commentsIn } from './yaml-comments.ts';
import { yamlRanges } from './yaml-ranges.ts';

/**
 * Warnings of what is wrong with inputs at a commit (by their normal form, why), drawn where comments of the file declare
 * them; those that no comment declares are not among them. The file is one that was read without errors.
 */
export function unmetInputs(
  { path, text: written }: ConfigFile,
  faults: ReadonlyMap<string, string>,
): readonly Diagnostic[] {
  const text = written.replace(/^\uFEFF/, '');
  const comments = isDevcontainerFile(path) ? lineCommentsIn(text) : commentsIn(text);
  const findings = writtenInputs(comments).flatMap(({ text: input, start, end }): readonly Finding[] => {
    const message = faults.get(normalInput(input));
    return message === undefined ? [] : [{ severity: 'warning', where: { start, end }, message }];
  });
  return drawDiagnostics(findings, text, { rangeOf: yamlRanges(undefined, text), strict: false });
}

import type { Diagnostic } from '../kernel/diagnostic.ts';
import { PreheatError } from '../kernel/failure.ts';

/** The names under which the file may lie at the root of a repository, the first one found counts. */
export const CONFIG_FILE_NAMES = ['.gitpod.yml', '.gitpod'] as const;

/** The error for a commit without a configuration; `names` are those that were looked for. */
export function missingConfig(names: readonly string[] = CONFIG_FILE_NAMES): PreheatError {
  return new PreheatError(`cannot find a workspace configuration: the commit has no ${names.join(' or ')}`, {
    phase: 'config',
    code: 'config-missing',
    hint: `Create ${names[0] ?? CONFIG_FILE_NAMES[0]} at the root of the repository, with "image:" and "tasks:"`,
  });
}

/**
 * The error for a configuration with findings that stop the run; the findings themselves are for the caller to
 * show.
 */
export function configError(
  diagnostics: readonly Diagnostic[],
  file: string = CONFIG_FILE_NAMES[0],
): PreheatError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const place = first === undefined ? '' : ` (line ${first.line}, column ${first.column})`;
  const others = errors.length > 1 ? `, and ${errors.length - 1} more` : '';
  return new PreheatError(`cannot read ${file}: ${first?.message ?? 'it is not valid'}${place}${others}`, {
    phase: 'config',
    code: 'config-invalid',
    hint: 'Run "preheat validate" to see every finding with its lines',
  });
}

import type { Diagnostic } from '../kernel/diagnostic.ts';
import { PreheatError } from '../kernel/failure.ts';
import { CONFIG_FILE_NAMES } from './config-file.ts';

/** The error for a commit or a folder (as `where` says) without a configuration, with what it could begin with. */
export function missingConfig(where: 'commit' | 'folder', starter: string): PreheatError {
  const names = CONFIG_FILE_NAMES.join(', ');
  return new PreheatError(`cannot find a workspace configuration: the ${where} has none of ${names}`, {
    phase: 'config',
    code: 'config-missing',
    hint: 'Run "preheat init" to write a first one, read it, and commit it.',
    remedy: { file: CONFIG_FILE_NAMES[0], yaml: starter.trimEnd() },
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

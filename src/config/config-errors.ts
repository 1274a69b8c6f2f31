import type { Diagnostic } from '../kernel/diagnostic.ts';
import { PreheatError } from '../kernel/failure.ts';
import { CONFIG_FILE_NAMES, DEVCONTAINER_FOLDER, nestedConfigPaths } from './config-file.ts';

/** The error for a commit or a folder (as `where` says) without a configuration, with what it could begin with. */
export function missingConfig(where: 'commit' | 'folder', starter: string): PreheatError {
  const names = [...CONFIG_FILE_NAMES, ...nestedConfigPaths(['*'])].join(', ');
  return new PreheatError(`cannot find a workspace configuration: the ${where} has none of ${names}`, {
    phase: 'config',
    code: 'config-missing',
    hint: 'Run "preheat init" to write a first one, read it, and commit it.',
    remedy: { file: CONFIG_FILE_NAMES[0], yaml: starter.trimEnd() },
  });
}

/** The error for a commit or a folder with several configurations of which none comes first; `choose` is how to name one. */
export function severalConfigs(
  where: 'commit' | 'folder',
  paths: readonly string[],
  choose: string,
): PreheatError {
  const why = `the ${where} has ${paths.length}, of which only a person can say which is meant: ${paths.join(', ')}`;
  return new PreheatError(`cannot choose a workspace configuration: ${why}`, {
    phase: 'config',
    code: 'config-invalid',
    hint: `${choose}, or make one of them ${DEVCONTAINER_FOLDER}/devcontainer.json.`,
  });
}

/** The error for a commit without the configuration that was asked for by its path. */
export function missingConfigFile(path: string): PreheatError {
  return new PreheatError(`cannot read ${path}: the commit has no such file`, {
    phase: 'config',
    code: 'config-missing',
    hint: 'Give --config-file (CONFIG_FILE) a path from the root of the repository, or leave it out.',
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

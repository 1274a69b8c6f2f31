import { PreheatError } from '../kernel/failure.ts';
import { OPTION_ROWS, Settings, type CommandName } from './option-table.ts';
import { variableOf } from './variable-of.ts';
import type { PipeManner } from './pipe-manner.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Joins options and environment (an option wins; an empty variable counts as not set) and checks them all at once,
 * together with what the pipe knows to be wrong. Throws a `PreheatError` of phase `usage` that names each one that is
 * wrong, one a line, as the pipe's user wrote it or as the command line has it.
 */
export function readSettings(
  command: CommandName,
  options: Readonly<Record<string, unknown>>,
  environment: Environment,
  pipe?: Pick<PipeManner, 'problems'>,
): Settings {
  const rows = OPTION_ROWS.filter(({ commands }) => commands.includes(command));
  const given = rows.flatMap(({ name }) => {
    const value = options[camelCase(name)] ?? (environment[variableOf(name)] || undefined);
    return value === undefined ? [] : [[name, value] as const];
  });
  const parsed = Settings.safeParse(Object.fromEntries(given));
  const issues = parsed.error?.issues ?? [];
  const problems = [
    ...(pipe?.problems ?? []),
    ...issues.map(({ path, message }) => `${nameOf(String(path[0]), pipe !== undefined)}: ${message}`),
  ];
  if (parsed.success && problems.length === 0) return parsed.data;
  throw wrongSettings(problems, pipe === undefined ? `See preheat ${command} --help.` : undefined);
}

function nameOf(option: string, isPipe: boolean): string {
  return isPipe ? variableOf(option) : `--${option} (${variableOf(option)})`;
}

function wrongSettings(problems: readonly string[], seeHelp: string | undefined): PreheatError {
  const what = seeHelp === undefined ? 'variables' : 'options';
  const wrong = problems.length === 1 ? 'one is wrong' : `${problems.length} are wrong`;
  const lines = [`cannot read the ${what}: ${wrong}`, ...problems.map((problem) => `  ${problem}`)];
  return new PreheatError(lines.join('\n'), {
    phase: 'usage',
    code: 'usage',
    hint: seeHelp ?? 'Correct them in the step; the README of the pipe has the table of all variables.',
  });
}

/** Commander's name of an option's value. */
function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

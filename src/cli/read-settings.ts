import { PreheatError } from '../kernel/failure.ts';
import { OPTION_ROWS, Settings, variableOf, type CommandName } from './option-table.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Joins options and environment (an option wins; an empty variable counts as not set) and checks them all at once.
 * Throws a `PreheatError` of phase `usage` that names each one that is wrong.
 */
export function readSettings(
  command: CommandName,
  options: Readonly<Record<string, unknown>>,
  environment: Environment,
): Settings {
  const rows = OPTION_ROWS.filter(({ commands }) => commands.includes(command));
  const given = rows.flatMap(({ name }) => {
    const value = options[camelCase(name)] ?? (environment[variableOf(name)] || undefined);
    return value === undefined ? [] : [[name, value] as const];
  });
  const parsed = Settings.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    return `  --${name} (${variableOf(name)}): ${message}`;
  });
  throw new PreheatError(`cannot read the options:\n${problems.join('\n')}`, {
    phase: 'usage',
    code: 'usage',
    hint: `See preheat ${command} --help.`,
  });
}

/** Commander's name of an option's value. */
function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

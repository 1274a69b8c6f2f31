import type { WorkspaceConfig } from '../config/workspace-config.ts';
import { PreheatError } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import type { Environment } from './read-settings.ts';
import { shownName } from './task-secret-names.ts';

/** The secrets among `names` that the environment has; an empty one counts as absent. */
export function givenSecrets(
  names: readonly string[],
  environment: Environment,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name] ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );
}

/** All secrets, by name. Throws a `PreheatError` of phase `usage` that names the first one that is absent or empty. */
export function requiredSecrets(
  names: readonly string[],
  environment: Environment,
): Readonly<Record<string, string>> {
  const given = givenSecrets(names, environment);
  const absent = names.find((name) => given[name] === undefined);
  if (absent === undefined) return given;
  const shown = shownName(absent);
  throw new PreheatError(
    `cannot give tasks the secret ${shown}: the environment has no such variable, or it is empty`,
    {
      phase: 'usage',
      code: 'usage',
      hint:
        shown === absent
          ? `Set ${shown} for this step, as a secured variable for instance, or take it out of TASK_SECRETS.`
          : 'Write names of variables into TASK_SECRETS, not their values: NPM_TOKEN, without "$".',
    },
  );
}

/** Warns of names that `.gitpod.yml` sets too: the secret wins there, so that no push can put another in its place. */
export function warnOfOverridden({ env, tasks }: WorkspaceConfig, names: readonly string[], log: Log): void {
  for (const name of names) {
    if (![env, ...tasks.map((task) => task.env)].some((set) => set[name] !== undefined)) continue;
    log.warn(
      `the value of ${name} in .gitpod.yml is not used in this build: tasks get the secret of that name`,
    );
  }
}

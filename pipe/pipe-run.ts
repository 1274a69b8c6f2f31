import * as z from 'zod';
import { TASK_FAILED } from '../src/cli/exit-codes.ts';
import type { PipeManner } from '../src/cli/pipe-manner.ts';
import { isVariableName, shownName } from '../src/cli/task-secret-names.ts';
import type { Variables } from './pipe-variables.ts';

/** The variables that only the pipe has; all others are options of the command of the same name. */
export const PipeVariables = z.object({
  COMMAND: z
    .enum(['build', 'plan', 'doctor', 'prune'])
    .default('build')
    .describe(
      'what the step does: make the commit warm, only say what that would take, check engine, registry and rights, or clean the registry up',
    ),
  FAIL_ON_TASK: z
    .stringbool()
    .prefault('false')
    .describe(
      'whether a task (or Dockerfile) of yours that fails fails the step, and the build status with it',
    ),
});

/** How a step wants its run. */
export interface PipeRun extends PipeManner {
  readonly command: z.infer<typeof PipeVariables>['COMMAND'];
}

/** Reads the variables that only the pipe has; empty ones count as not given. */
export function readPipeRun(variables: Variables): PipeRun {
  const parsed = PipeVariables.safeParse(ownAmong(variables));
  const problems = [
    ...(isWithoutRegistry(variables) ? [NO_REGISTRY] : []),
    ...(parsed.data?.COMMAND === 'build' ? absentSecrets(variables) : []),
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`),
  ];
  const { COMMAND: command = 'build', FAIL_ON_TASK: failOnTask = false } = parsed.data ?? {};
  return { command, tolerateTasks: !failOnTask, problems };
}

function ownAmong(variables: Variables): Variables {
  return Object.fromEntries(
    Object.keys(PipeVariables.shape).map((name) => [name, variables[name]?.trim() || undefined]),
  );
}

const NO_REGISTRY =
  'REGISTRY: is missing, and so are BITBUCKET_PACKAGES_USERNAME and BITBUCKET_PACKAGES_TOKEN, which would stand in for it';

/** Images in a folder of the clone are lost when the step ends. */
function isWithoutRegistry(variables: Variables): boolean {
  const {
    REGISTRY: registry,
    BITBUCKET_PACKAGES_USERNAME: username,
    BITBUCKET_PACKAGES_TOKEN: token,
  } = variables;
  return !registry?.trim() && !(username && token);
}

/** A pipe gets the variables that stand in its step and no others; what is no name is told as such elsewhere. */
function absentSecrets(variables: Variables): readonly string[] {
  const names = (variables['TASK_SECRETS'] ?? '').split(',').map((name) => name.trim());
  return names
    .filter((name) => isVariableName(name) && !variables[name])
    .map((name) => `TASK_SECRETS: the step hands over no ${shownName(name)}, or an empty one`);
}

/**
 * The exit code of the pipe: a failing task of the user is told everywhere but does not fail the step, so that a broken
 * `init` never blocks a merge by itself, unless `FAIL_ON_TASK` is `true`.
 */
export function pipeExitCode(exitCode: number, { tolerateTasks }: Pick<PipeRun, 'tolerateTasks'>): number {
  return exitCode === TASK_FAILED && tolerateTasks ? 0 : exitCode;
}

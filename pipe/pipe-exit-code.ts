import type { Variables } from './pipe-variables.ts';

const TASK_FAILED = 51;

/** Whether a failing task of the user leaves the step and the merge alone: unless `FAIL_ON_TASK` is `true`. */
export function toleratesTasks({ FAIL_ON_TASK: failOnTask }: Variables): boolean {
  return failOnTask?.trim().toLowerCase() !== 'true';
}

/**
 * The exit code of the pipe: a failing task of the user is told everywhere but does not fail the step, so that a broken
 * `init` never blocks a merge by itself, unless `FAIL_ON_TASK` is `true`.
 */
export function pipeExitCode(exitCode: number, variables: Variables): number {
  return exitCode === TASK_FAILED && toleratesTasks(variables) ? 0 : exitCode;
}

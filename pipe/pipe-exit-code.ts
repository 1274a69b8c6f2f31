import type { Variables } from './pipe-variables.ts';

const TASK_FAILED = 51;

/**
 * The exit code of the pipe: a failing task of the user is told everywhere but does not fail the step, so that a broken
 * `init` never blocks a merge by itself, unless `FAIL_ON_TASK` is `true`.
 */
export function pipeExitCode(exitCode: number, { FAIL_ON_TASK: failOnTask }: Variables): number {
  return exitCode === TASK_FAILED && failOnTask?.toLowerCase() !== 'true' ? 0 : exitCode;
}

import { PreheatError } from '../kernel/failure.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Container } from './engine.ts';
import { readTool } from './run-tool.ts';
import { TaskFailure } from './task-failure.ts';
import { partAt } from './task-script.ts';
import type { PreparedTask } from './prepared-task.ts';

/** What bash exits with after a syntax error. */
const SYNTAX_ERROR = 2;

/** From here on an exit code says that bash itself could not be started or was killed. */
const NOT_RUN = 126;

/**
 * Lets bash parse a task's script without running it, in the container and as the task's user. Throws a
 * {@link TaskFailure} that names the line within the part: typed into a terminal, as Gitpod did, it would have hung.
 * Throws a `PreheatError` of phase `build` where bash cannot run as that user.
 */
export async function checkSyntax(
  container: Container,
  task: PreparedTask,
  { bash, execAs }: { readonly bash: string; readonly execAs: string },
  options: CallOptions,
): Promise<void> {
  // Interactive set-ups (bash-completion) turn extglob on, which allows more.
  const command = [bash, '-p', '-O', 'extglob', '-n', task.scriptPath];
  const { exitCode, complaint, output } = await readTool(container, { command, user: execAs }, options);
  if (exitCode >= NOT_RUN) throw unfitUser(execAs, complaint || output.trim() || `exit code ${exitCode}`);
  if (exitCode !== 0) throw syntaxFailure(task, complaint);
}

function unfitUser(execAs: string, why: string): PreheatError {
  return new PreheatError(`cannot run tasks as user ${execAs} of the image: ${why}`, {
    phase: 'build',
    hint: 'Check the base image: docker run --user must be able to start bash in it as that user.',
  });
}

function syntaxFailure(task: PreparedTask, complaint: string): TaskFailure {
  const output = complaint.split('\n').map((line) => line.replace(`${task.scriptPath}: `, ''));
  const [, line, why] = /^line (\d+): (.+)$/.exec(output[0] ?? '') ?? [];
  const at = partAt(task.script, Number(line ?? 1));
  const where = line === undefined ? 'its script' : `line ${at.line} of ${at.part}`;
  return new TaskFailure(`cannot run task "${task.name}": ${where}: ${why ?? output[0] ?? 'syntax error'}`, {
    code: 'task-failed',
    task: task.name,
    exitCode: SYNTAX_ERROR,
    output,
    hint: `Correct the shell syntax of ${at.part} in .gitpod.yml.`,
  });
}

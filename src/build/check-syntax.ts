import { PreheatError } from '../kernel/failure.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Container } from './engine.ts';
import { readTool } from './run-tool.ts';
import { TaskFailure } from './task-failure.ts';
import { partAt, type TaskPart } from './task-script.ts';
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
  const parse = async (...what: readonly string[]) =>
    // Interactive set-ups (bash-completion) turn extglob on, which allows more.
    readTool(container, { command: [bash, '-p', '-O', 'extglob', '-n', ...what], user: execAs }, options);
  const { exitCode, complaint, output } = await parse(task.scriptPath);
  if (exitCode >= NOT_RUN) throw unfitUser(execAs, complaint || output.trim() || `exit code ${exitCode}`);
  if (exitCode === 0) return;
  for (const { part, body } of task.script.parts) {
    const alone = await parse('-c', `{\n${body}\n}`);
    if (alone.exitCode > 0 && alone.exitCode < NOT_RUN)
      throw syntaxFailure(task, complaint, faultOf(alone.complaint, part, body));
  }
  const at = partAt(task.script, lineOf(complaint) ?? 1);
  throw syntaxFailure(task, complaint, faultOf(complaint, at.part, '', at.line));
}

/** What bash could not read. */
interface Fault {
  readonly part: TaskPart;
  readonly where: string;
  readonly why: string;
}

/** What bash says of a part that it was given alone, in braces: what is left open it finds at the end only. */
function faultOf(complaint: string, part: TaskPart, body: string, knownLine?: number): Fault {
  const lines = body.trimEnd().split('\n').length;
  const line = knownLine ?? Math.min(Math.max((lineOf(complaint) ?? 2) - 1, 1), lines);
  const [, said = 'syntax error'] = /line \d+: (.+)$/m.exec(complaint) ?? [];
  const open = ENDS_IN_BACKSLASH.test(body) && /end of file/.test(said);
  return { part, where: `line ${line} of ${part}`, why: open ? 'it ends in a backslash' : said };
}

/** An odd number of them escapes the end of the line. */
const ENDS_IN_BACKSLASH = /(?<!\\)(?:\\\\)*\\\n?$/;

function lineOf(complaint: string): number | undefined {
  const [, line] = /line (\d+): /.exec(complaint) ?? [];
  return line === undefined ? undefined : Number(line);
}

function unfitUser(execAs: string, why: string): PreheatError {
  return new PreheatError(`cannot run tasks as user ${execAs} of the image: ${why}`, {
    phase: 'build',
    hint: 'Check the base image: docker run --user must be able to start bash in it as that user.',
  });
}

function syntaxFailure(task: PreparedTask, complaint: string, { part, where, why }: Fault): TaskFailure {
  const output = complaint.split('\n').map((line) => line.replace(`${task.scriptPath}: `, ''));
  return new TaskFailure(`cannot run task "${task.name}": ${where}: ${why}`, {
    code: 'task-failed',
    task: task.name,
    exitCode: SYNTAX_ERROR,
    output,
    hint: `Correct the shell syntax of ${part} in .gitpod.yml.`,
  });
}

import type { Task } from '../../src/config/workspace-config.ts';
import type { GitpodWorkspace } from './gitpod-workspace.ts';
import type { AskedStatement, Labelled, Statement } from './statement.ts';

/** A task as a `.gitpod.yml` has it. */
export type WrittenTask = Partial<Pick<Task, 'before' | 'init' | 'prebuild' | 'command'>> & {
  readonly env?: Readonly<Record<string, unknown>>;
};

/** A statement that is seen by what tasks print: in the one build, and in the one start from it. */
export interface TaskStatement extends Statement {
  readonly tasks: readonly WrittenTask[];
}

/** A statement that is seen by what a line for bash prints, in a task of the build and in one of the start. */
export interface PrintStatement extends Statement {
  readonly print: string;
  /** The line as the document has it, where that reads better. */
  readonly shown?: string;
}

export type WorkspaceStatement = TaskStatement | PrintStatement | AskedStatement<GitpodWorkspace>;

/** A task with the name that its output is found by. */
export interface NamedTask extends WrittenTask {
  readonly name: string;
}

const PARTS = ['before', 'init', 'prebuild', 'command'] as const;

/**
 * The tasks of the statements of a section, named after their places in its document. All lines that only print are one
 * task, each in a shell of its own.
 */
export function namedTasks(section: string, statements: readonly WorkspaceStatement[]): readonly NamedTask[] {
  const lines = statements.flatMap((statement, at) =>
    'print' in statement ? [`echo '${MARK}${at + 1}'\n(\n${statement.print}\n)`] : [],
  );
  const tasks = statements.flatMap((statement, at) =>
    'tasks' in statement
      ? statement.tasks.map((task, index) => ({ name: nameOf(section, at, index), ...task }))
      : [],
  );
  return [{ name: section, before: [...lines, 'true'].join('\n') }, ...tasks];
}

/** What stands in front of what a line prints. */
const MARK = '==> ';

/** Makes of every statement one that can be asked. */
export function askedStatements(
  section: string,
  statements: readonly WorkspaceStatement[],
): readonly AskedStatement<GitpodWorkspace>[] {
  return statements.map((statement, at) => {
    if ('tasks' in statement) {
      const ask = async (workspace: GitpodWorkspace) => seenOf(section, at, statement.tasks, workspace);
      return { ...statement, ask };
    }
    if ('print' in statement) {
      const ask = async (workspace: GitpodWorkspace) => printedBy(section, at, statement, workspace);
      return { ...statement, ask };
    }
    return statement;
  });
}

function printedBy(
  section: string,
  at: number,
  { print, shown = print }: PrintStatement,
  workspace: GitpodWorkspace,
): readonly Labelled[] {
  const own = (text: string): string => {
    const rows = text.split('\n');
    const behind = rows.slice(rows.indexOf(`${MARK}${at + 1}`) + 1);
    const end = behind.findIndex((row) => row.startsWith(MARK));
    return (end === -1 ? behind : behind.slice(0, end)).join('\n');
  };
  const [built, started] = [own(workspace.built(section)), own(workspace.started(section))];
  return [['$', shown], ...seenIn(built, started)];
}

/** What was printed at both times is told once. */
function seenIn(built: string, started: string): readonly Labelled[] {
  return built === started
    ? [['both →', built]]
    : [
        ['build →', built],
        ['start →', started],
      ];
}

function seenOf(
  section: string,
  at: number,
  tasks: readonly WrittenTask[],
  workspace: GitpodWorkspace,
): readonly Labelled[] {
  return tasks.flatMap((task, index) => {
    const name = nameOf(section, at, index);
    const of = tasks.length === 1 ? '' : ` ${index + 1}`;
    return [
      ...writtenLines(task, of),
      ...(runsIn(task, ['before', 'init', 'prebuild'])
        ? [[`build${of} →`, workspace.built(name)] as const]
        : []),
      ...(runsIn(task, ['before', 'command']) ? [[`start${of} →`, workspace.started(name)] as const] : []),
    ];
  });
}

function writtenLines(task: WrittenTask, of: string): readonly Labelled[] {
  const env = Object.entries(task.env ?? {}).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const parts = PARTS.flatMap((part) => {
    const text = task[part];
    return text === undefined ? [] : [[`${part}${of}`, text] as const];
  });
  return [...(env.length === 0 ? [] : [[`env${of}`, env.join('\n')] as const]), ...parts];
}

function runsIn(task: WrittenTask, parts: readonly (keyof WrittenTask)[]): boolean {
  return parts.some((part) => task[part] !== undefined);
}

function nameOf(section: string, at: number, index: number): string {
  return `${section}.${at + 1}.${index + 1}`;
}

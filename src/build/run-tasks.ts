import type { Clock } from '../kernel/clock.ts';
import type { Log, StepLog } from '../kernel/log.ts';
import type { Redactor } from '../kernel/redact.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Container } from './engine.ts';
import { followTask } from './follow-task.ts';
import { lastLines, type LastLines } from './last-lines.ts';
import type { MemoryAdvisor } from './memory-advisor.ts';
import type { PreparedTask } from './prepared-task.ts';
import type { StepResult } from './step-result.ts';
import { taskFailureOf } from './task-failure.ts';
import { taskCommand } from './task-shell.ts';
import { withinLimit, type Overdue, type TimeLimits } from './time-limits.ts';
import type { Toolbox } from './toolbox.ts';

/** How many lines of a failed task's output are kept for the report. */
const KEPT_LINES = 40;

export interface TaskPorts {
  readonly container: Container;
  readonly toolbox: Toolbox;
  readonly memoryAdvisor: MemoryAdvisor;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly clock: Clock;
  /** Told which tasks still run. */
  readonly step: StepLog;
}

export interface TaskRun {
  readonly execAs: string;
  readonly bash: string;
  /** Unguessable, without spaces; see {@link followTask}. */
  readonly marker: string;
  readonly workspaceLocation: string;
  readonly checkoutLocation: string;
  readonly limits: TimeLimits;
}

export interface FinishedTasks {
  readonly tasks: StepResult['tasks'];
  /** Resolves when nothing of the tasks prints any more: after they were ended; never rejects. */
  readonly silent: Promise<unknown>;
}

/**
 * Runs all tasks at once and waits until each one's shell has ended; what they left in the background goes on. Throws
 * a `TaskFailure` as soon as one fails or time is up, while others may still run: the container's end is theirs.
 */
export async function runTasks(
  tasks: readonly PreparedTask[],
  run: TaskRun,
  ports: TaskPorts,
  options: CallOptions,
): Promise<FinishedTasks> {
  const kept = new Map(tasks.map((task) => [task, lastLines(KEPT_LINES)] as const));
  const limit = { ...run, ...ports, overdue: () => overdueOf(kept) };
  const running = [...kept].map(([task, lines]) => startTask(task, lines, run, ports, options));
  const tellWhoRuns = (): void => ports.step.progress(`running ${namesOf(kept).join(', ')}`);
  tellWhoRuns();
  const ended = running.map(async (task) => {
    const finished = await (await task).finished;
    kept.delete((await task).task);
    if (kept.size > 0) tellWhoRuns();
    return finished;
  });
  const finished = await withinLimit(Promise.all(ended), 'tasks', limit, options);
  const silent = Promise.all(running.map(async (task) => await (await task).silent));
  return { tasks: finished, silent };
}

type Running = ReadonlyMap<PreparedTask, LastLines>;

function namesOf(running: Running): readonly string[] {
  return [...new Set([...running.keys()].map(({ name }) => name))];
}

/** Of several tasks each has its share of the lines, behind its name. */
function overdueOf(running: Running): Overdue {
  const share = Math.max(Math.floor(KEPT_LINES / running.size), 1);
  const output = [...running].flatMap(([{ name }, kept]) => {
    if (running.size === 1) return kept.lines();
    return kept
      .lines()
      .slice(-share)
      .map((line) => `[${name}] ${line}`);
  });
  return { tasks: namesOf(running), output };
}

async function startTask(
  task: PreparedTask,
  kept: LastLines,
  run: TaskRun,
  ports: TaskPorts,
  options: CallOptions,
) {
  const { container, toolbox, clock, log, redactor } = ports;
  const startedAt = clock.now().getTime();
  const execution = await container.exec(
    {
      command: taskCommand(task, { ...run, toolbox }),
      user: run.execAs,
      workingDirectory: '/',
      env: task.env,
    },
    options,
  );
  const mask = (text: string): string => redactor.redact(text);
  const onLine = (line: string): void => {
    kept.add(mask(line));
    log.output(task.name, line);
  };
  const { ended, silent } = followTask(execution, run.marker, onLine, mask);
  const overdue = (): Overdue => ({ tasks: [task.name], output: kept.lines() });
  const inTime = withinLimit(ended, 'task', { ...run, clock, overdue }, options);
  const finished = inTime.then(async (exitCode) => {
    if (exitCode !== 0) throw await failureOf(task, exitCode, kept, ports, options);
    return { name: task.name, exitCode, durationMs: clock.now().getTime() - startedAt };
  });
  return { task, finished, silent };
}

async function failureOf(
  task: PreparedTask,
  exitCode: number,
  kept: LastLines,
  { container, memoryAdvisor }: TaskPorts,
  options: CallOptions,
): Promise<Error> {
  const { killed, limit } = await container.memory(options);
  const memory = killed ? await memoryAdvisor.advise('task', limit, options) : undefined;
  return taskFailureOf({
    task: task.name,
    exitCode,
    output: kept.lines(),
    ...(memory === undefined ? {} : { memory }),
  });
}

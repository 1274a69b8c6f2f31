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
}

export interface FinishedTasks {
  readonly tasks: StepResult['tasks'];
  /** Resolves when nothing of the tasks prints any more: after they were ended; never rejects. */
  readonly silent: Promise<unknown>;
}

/**
 * Runs all tasks at once and waits until each one's shell has ended; what they left in the background goes on. Throws
 * a `TaskFailure` as soon as one fails, while the others may still run: the container's end is theirs.
 */
export async function runTasks(
  tasks: readonly PreparedTask[],
  run: TaskRun,
  ports: TaskPorts,
  options: CallOptions,
): Promise<FinishedTasks> {
  const running = tasks.map((task) => startTask(task, run, ports, options));
  const names = new Set(tasks.map(({ name }) => name));
  const tellWhoRuns = (): void => ports.step.progress(`running ${[...names].join(', ')}`);
  tellWhoRuns();
  const finished = await Promise.all(
    running.map(async (task) => {
      const ended = await (await task).finished;
      names.delete(ended.name);
      if (names.size > 0) tellWhoRuns();
      return ended;
    }),
  );
  const silent = Promise.all(running.map(async (task) => await (await task).silent));
  return { tasks: finished, silent };
}

async function startTask(task: PreparedTask, run: TaskRun, ports: TaskPorts, options: CallOptions) {
  const { container, toolbox, clock, log, redactor } = ports;
  const kept = lastLines(KEPT_LINES);
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
  const finished = ended.then(async (exitCode) => {
    if (exitCode !== 0) throw await failureOf(task, exitCode, kept, ports, options);
    return { name: task.name, exitCode, durationMs: clock.now().getTime() - startedAt };
  });
  return { finished, silent };
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

import { bytesText } from '../kernel/amounts.ts';
import { PreheatError, type FailureCode } from '../kernel/failure.ts';

export interface TaskFailureOptions {
  readonly code: Extract<FailureCode, 'task-failed' | 'out-of-memory'>;
  readonly task: string;
  readonly exitCode: number;
  /** The last lines that the task printed, redacted. */
  readonly output: readonly string[];
  readonly hint: string;
}

/** A task of the user ended otherwise than with success; carries what a report shows of it. */
export class TaskFailure extends PreheatError {
  readonly task: string;
  readonly exitCode: number;
  readonly output: readonly string[];

  constructor(message: string, { code, task, exitCode, output, hint }: TaskFailureOptions) {
    super(message, { phase: 'build', code, hint });
    this.task = task;
    this.exitCode = exitCode;
    this.output = output;
  }
}

/** How a task ended that did not succeed. */
export interface FailedTask {
  readonly task: string;
  readonly exitCode: number;
  readonly output: readonly string[];
  readonly memory: { readonly killed: boolean; readonly limit: number };
}

/** Says why a task failed: by its own exit code, or because the kernel killed something for want of memory. */
export function taskFailureOf({ task, exitCode, output, memory }: FailedTask): TaskFailure {
  if (!memory.killed) {
    return new TaskFailure(`task "${task}" failed with exit code ${exitCode}`, {
      code: 'task-failed',
      task,
      exitCode,
      output,
      hint: 'Run the task in a workspace of the same commit to see why it fails.',
    });
  }
  const limit = memory.limit > 0 ? ` of ${bytesText(memory.limit)}` : '';
  return new TaskFailure(`task "${task}" ran out of memory: its container has a limit${limit}`, {
    code: 'out-of-memory',
    task,
    exitCode,
    output,
    hint: 'Give the docker service more memory (definitions: services: docker: memory), or let the task use less.',
  });
}

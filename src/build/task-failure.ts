import { PreheatError, type FailureCode } from '../kernel/failure.ts';
import type { Remedy } from '../kernel/remedy.ts';
import type { MemoryAdvice } from './memory-advisor.ts';

export interface TaskFailureOptions {
  readonly code: Extract<FailureCode, 'task-failed' | 'out-of-memory'>;
  readonly task: string;
  readonly exitCode: number;
  /** The last lines that the task printed, redacted. */
  readonly output: readonly string[];
  readonly hint: string;
  readonly remedy?: Remedy;
}

/** A task of the user ended otherwise than with success; carries what a report shows of it. */
export class TaskFailure extends PreheatError {
  readonly task: string;
  readonly exitCode: number;
  readonly output: readonly string[];

  constructor(message: string, { task, exitCode, output, ...told }: TaskFailureOptions) {
    super(message, { phase: 'build', ...told });
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
  /** Present where the kernel killed something for want of memory. */
  readonly memory?: MemoryAdvice;
}

/** Says why a task failed: by its own exit code, or because the kernel killed something for want of memory. */
export function taskFailureOf({ task, exitCode, output, memory }: FailedTask): TaskFailure {
  if (memory === undefined) {
    return new TaskFailure(`task "${task}" failed with exit code ${exitCode}`, {
      code: 'task-failed',
      task,
      exitCode,
      output,
      hint: 'Run the task in a workspace of the same commit to see why it fails.',
    });
  }
  const { had, ...advice } = memory;
  return new TaskFailure(`task "${task}" ran out of memory: ${had}`, {
    code: 'out-of-memory',
    task,
    exitCode,
    output,
    ...advice,
  });
}

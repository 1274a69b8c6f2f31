import type { BaseBuildOutcome } from './base-builder.ts';
import type { MemoryAdvice } from './memory-advisor.ts';
import { TaskFailure } from './task-failure.ts';

type FailedBuild = Extract<BaseBuildOutcome, { readonly kind: 'failed' }>;

/**
 * What a Dockerfile that cannot be built is told as: like a task that fails (exit code 51, or 52 for want of memory),
 * since it is the repository's own text that fails, and must block a merge no more than a task does. `memory` is given
 * where it was memory that it wanted.
 */
export function baseFailureOf(file: string, failed: FailedBuild, memory?: MemoryAdvice): TaskFailure {
  const { instruction, reason, exitCode, output } = failed;
  const where = instruction === undefined ? '' : ` at ${oneLine(instruction)}`;
  const why = exitCode === undefined ? reason : `exit code ${exitCode}`;
  const told = { task: file, exitCode: exitCode ?? 1, output };
  if (memory !== undefined) {
    const { had, ...advice } = memory;
    return new TaskFailure(`cannot build the base image from ${file}: it ran out of memory${where}: ${had}`, {
      code: 'out-of-memory',
      ...told,
      ...advice,
    });
  }
  return new TaskFailure(`cannot build the base image from ${file}: ${why}${where}`, {
    code: 'task-failed',
    ...told,
    hint: 'Build it by hand to see why it fails: docker build --file DOCKERFILE CONTEXT.',
  });
}

const LONGEST_INSTRUCTION = 120;

function oneLine(instruction: string): string {
  const line = instruction.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST_INSTRUCTION ? `${line.slice(0, LONGEST_INSTRUCTION)}…` : line;
}

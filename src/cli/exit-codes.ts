import { PreheatError, type FailureCode, type Phase } from '../kernel/failure.ts';

/** A task (or Dockerfile) of the user failed. */
export const TASK_FAILED = 51;

/** The decade of each phase (`docs/command-line.md`, "Exit codes"). */
const BY_PHASE: Readonly<Record<Phase, number>> = {
  usage: 2,
  event: 10,
  config: 20,
  observe: 30,
  plan: 30,
  build: 50,
  assemble: 60,
  publish: 60,
  report: 70,
  start: 80,
};

const BY_CODE: Readonly<Partial<Record<FailureCode, number>>> = {
  'task-failed': TASK_FAILED,
  'out-of-memory': 52,
  interrupted: 130,
};

/** The exit code of runs that fail in a phase. */
export function exitCodeOfPhase(phase: Phase): number {
  return BY_PHASE[phase];
}

/** The exit code of a failure; what is no `PreheatError` is a defect of preheat and exits 1. */
export function exitCodeOf(thrown: unknown): number {
  if (!(thrown instanceof PreheatError)) return 1;
  return BY_CODE[thrown.code] ?? BY_PHASE[thrown.phase];
}

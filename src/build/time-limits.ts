import type { Clock } from '../kernel/clock.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { TaskFailure } from './task-failure.ts';

/** How long tasks may run, in milliseconds; without a limit as long as they like. */
export interface TimeLimits {
  readonly task?: number;
  readonly tasks?: number;
}

/** What `timeout` of coreutils exits with: the code of a task that had to be ended. */
const TIMED_OUT = 124;

/** Tasks that ran out of time, and the last lines that they printed. */
export interface Overdue {
  /** The names of those that still ran; at least one. */
  readonly tasks: readonly string[];
  readonly output: readonly string[];
}

export interface LimitedWork {
  readonly limits: TimeLimits;
  readonly clock: Clock;
  readonly overdue: () => Overdue;
}

/**
 * Waits for `work`, at most for the time of `limit`. After that it throws the {@link TaskFailure} that `overdue` tells
 * of; the work goes on until whoever owns its container ends it.
 */
export async function withinLimit<T>(
  work: Promise<T>,
  limit: keyof TimeLimits,
  { limits, clock, overdue }: LimitedWork,
  { signal }: CallOptions,
): Promise<T> {
  const time = limits[limit];
  if (time === undefined) return await work;
  const done = new AbortController();
  const alarm = clock.sleep(time, AbortSignal.any([signal, done.signal])).then(
    () => {
      throw timedOut(limit, time, overdue());
    },
    (thrown: unknown) => {
      throw signal.aborted ? signal.reason : thrown;
    },
  );
  try {
    return await Promise.race([work, alarm]);
  } finally {
    done.abort();
  }
}

function timedOut(limit: keyof TimeLimits, time: number, { tasks, output }: Overdue): TaskFailure {
  const [task = ''] = tasks;
  const named = tasks.map((name) => `"${name}"`).join(', ');
  const who = tasks.length === 1 ? `task ${named} was` : `tasks ${named} were`;
  return new TaskFailure(`${who} not done after ${timeText(time)}`, {
    code: 'task-failed',
    task,
    exitCode: TIMED_OUT,
    output,
    hint: `See by the last lines what it waits for: a build has no terminal and runs no \`command\`. Where it only needs longer, give it more by ${limit.toUpperCase()}_TIMEOUT (--${limit}-timeout).`,
  });
}

const UNITS = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** A limit for people, in the largest unit of which it is a whole number. */
function timeText(milliseconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => milliseconds % each === 0) ?? ['ms', 1];
  return `${milliseconds / size} ${unit}`;
}

import type { TimeLimits } from '../build/time-limits.ts';

const UNITS = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Timers count no further than 2^31 ms. */
const LONGEST = 7 * 24 * UNITS.h;

/**
 * Reads how long something may take, such as `90s`, `30m`, `1h`, in milliseconds; `none` is no limit. Throws
 * `RangeError` for anything else.
 */
export function parseTimeLimit(text: string): number | undefined {
  if (text === 'none') return undefined;
  const [, amount, unit] = /^([1-9]\d{0,5})([smh])$/.exec(text) ?? [];
  const time = unit === 's' || unit === 'm' || unit === 'h' ? Number(amount) * UNITS[unit] : undefined;
  if (time !== undefined && time <= LONGEST) return time;
  throw new RangeError(
    `expected none or a time up to 168h, such as 90s, 30m, 1h; got ${JSON.stringify(text)}`,
  );
}

/** The limits of the tasks of a build, from its options. */
export function timeLimits(settings: {
  readonly 'task-timeout': number | undefined;
  readonly 'tasks-timeout': number | undefined;
}): TimeLimits {
  const { 'task-timeout': task, 'tasks-timeout': tasks } = settings;
  return { ...(task !== undefined && { task }), ...(tasks !== undefined && { tasks }) };
}

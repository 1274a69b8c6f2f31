import { elapsedMs } from '../elapsed.ts';
import type { Outcome, Stage } from '../outcome.ts';

/** A stage on the axis of the run. */
export interface TimelineBar {
  readonly stage: Stage;
  /** From the beginning of the run. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The same in per cent of the axis. */
  readonly from: number;
  readonly width: number;
}

/** The stages of a run on one axis, in the order in which they started. */
export interface Timeline {
  /** The length of the axis: the run, or longer where a stage says that it ended later. */
  readonly totalMs: number;
  /** The distance between two ticks; 0 where the axis has no length. */
  readonly tickMs: number;
  readonly bars: readonly TimelineBar[];
}

/** The latest time that a date can hold, so that sums of durations stay finite. */
const LONGEST_MS = 8.64e15;
const MOST_TICKS = 5;

/** Lays the stages out; times that cannot be read, or that fit no run, lie at its beginning. */
export function timelineOf(outcome: Outcome): Timeline {
  const origin = originOf(outcome);
  const spans = outcome.stages.map((stage) => {
    const fromMs = Math.min(Math.max(0, Date.parse(stage.startedAt) - origin) || 0, LONGEST_MS);
    return { stage, fromMs, toMs: fromMs + Math.min(stage.durationMs, LONGEST_MS) };
  });
  const totalMs = spans.reduce((latest, { toMs }) => Math.max(latest, toMs), elapsedMs(outcome));
  const percent = (ms: number): number => (totalMs > 0 ? Math.round((10_000 * ms) / totalMs) / 100 : 0);
  const bars = spans.map(({ stage, fromMs, toMs }) => {
    const from = percent(fromMs);
    return { stage, fromMs, toMs, from, width: Math.round(100 * (percent(toMs) - from)) / 100 };
  });
  return { totalMs, tickMs: tickOf(totalMs), bars: bars.toSorted((one, other) => one.fromMs - other.fromMs) };
}

/** The ticks of an axis as places in per cent, each with what it reads. */
export function ticksOf({
  totalMs,
  tickMs,
}: Timeline): readonly { readonly at: number; readonly text: string }[] {
  if (tickMs === 0) return [];
  return Array.from({ length: Math.floor(totalMs / tickMs) + 1 }, (_, index) => ({
    at: Math.round((10_000 * index * tickMs) / totalMs) / 100,
    text: tickText(index * tickMs),
  }));
}

function originOf({ startedAt, stages }: Outcome): number {
  const start = Date.parse(startedAt);
  if (!Number.isNaN(start)) return start;
  const starts = stages.map((stage) => Date.parse(stage.startedAt)).filter((time) => !Number.isNaN(time));
  return starts.reduce((first, time) => Math.min(first, time), Infinity);
}

/** Steps of 1, 2 and 5 up to half a minute, then those of a clock. */
function tickOf(totalMs: number): number {
  if (totalMs <= 0) return 0;
  const steps = [1, 10, 100, 1_000].flatMap((power) => [power, 2 * power, 5 * power]);
  const clock = [10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600].map((seconds) => seconds * 1_000);
  const step = [...steps, ...clock].find((ms) => totalMs / ms <= MOST_TICKS);
  return step ?? 3_600_000 * 2 ** Math.ceil(Math.log2(totalMs / MOST_TICKS / 3_600_000));
}

function tickText(ms: number): string {
  if (ms === 0) return '0';
  if (ms < 60_000) return `${ms / 1_000} s`;
  return ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`;
}

import { bytesText, durationText } from '../kernel/amounts.ts';
import type { PastRun } from '../oci/past-run.ts';
import { ledgerOf, type LedgerLine } from './ledger.ts';

/** What runs of a week came to. */
export interface LedgerWeek {
  /** Its Monday (UTC), such as `2026-11-23`. */
  readonly monday: string;
  readonly runs: number;
  readonly steps: number;
  readonly hits: number;
  readonly savedMs: number;
}

/** A ledger as lines for people: totals by branch and step, then week by week, newest first. */
export function ledgerText(runs: readonly PastRun[], location: string): readonly string[] {
  if (runs.length === 0) return [`no run has left a report in ${location}`];
  const days = runs.map(({ finishedAt }) => finishedAt.slice(0, 10)).toSorted();
  const heading = ['branch', 'step', 'runs', 'hits', 'hit rate', 'time saved', 'bytes saved'];
  const weeks = ledgerWeeks(runs).map(weekRow);
  return [
    `${runs.length === 1 ? '1 run' : `${runs.length} runs`} from ${days[0]} to ${days.at(-1)} in ${location}`,
    '',
    ...aligned([heading, ...ledgerOf(runs).map(ledgerRow)]),
    '',
    ...aligned([['week of', 'runs', 'hits', 'hit rate', 'time saved'], ...weeks]),
  ];
}

/** The same week by week, newest first. */
export function ledgerWeeks(runs: readonly PastRun[]): readonly LedgerWeek[] {
  const weeks = Map.groupBy(runs, ({ finishedAt }) => mondayOf(finishedAt));
  return [...weeks]
    .map(([monday, found]) => {
      const lines = ledgerOf(found);
      const sum = (of: (line: LedgerLine) => number): number =>
        lines.reduce((total, line) => total + of(line), 0);
      const [steps, hits] = [sum((line) => line.runs), sum((line) => line.hits)];
      return { monday, runs: found.length, steps, hits, savedMs: sum((line) => line.savedMs) };
    })
    .toSorted((a, b) => b.monday.localeCompare(a.monday));
}

function mondayOf(time: string): string {
  const day = new Date(time);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}

function ledgerRow({ ref, step, runs, hits, hitRate, savedMs, savedBytes }: LedgerLine): readonly string[] {
  const saved = [durationText(savedMs), bytesText(savedBytes)];
  return [ref || '(none)', step, `${runs}`, `${hits}`, rateText(hitRate), ...saved];
}

function weekRow({ monday, runs, steps, hits, savedMs }: LedgerWeek): readonly string[] {
  return [monday, `${runs}`, `${hits}`, rateText(steps === 0 ? 0 : hits / steps), durationText(savedMs)];
}

function rateText(rate: number): string {
  return `${Math.round(100 * rate)} %`;
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

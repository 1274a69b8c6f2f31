import { bestPeer, medianOf, timesFaster } from './medians.ts';
import type { Row } from './measurement.ts';
import type { Planning } from './planning.ts';
import { median } from './median.ts';
import { bytesText, secondsText } from './quantity-text.ts';
import { LINES, type Validation } from './validation.ts';

/** What something may take, beside what it took. */
export interface Budget {
  /** The push, or what else is meant. */
  readonly of: string;
  readonly limit: string;
  readonly measured: string;
  readonly within: boolean;
}

/** The peer that a Dockerfile of care makes. */
const TUNED = 'tuned';
const REQUESTS = 12;
const TIMES_FASTER = 20;
const OWN_TIME_FACTOR = 1.15;
const COLD_FACTOR = 1.1;
const DELTA_BYTES = 64 * 1024;
const INDEX_BYTES_PER_FILE = 30;
const MEMORY_BYTES = 300 * 1024 * 1024;
const PLANNING_SECONDS = 1;
const VALIDATION_SECONDS = 0.3;

/** What the pushes of one contender may take; `unread` are the pushes, `subject push`, that no task reads anything of. */
export function pushBudgets(
  rows: readonly Row[],
  own: string,
  unread: ReadonlySet<string>,
): readonly Budget[] {
  return rows
    .filter(({ contender }) => contender === own)
    .flatMap((row) => {
      const name = `${row.subject}, ${row.push}`;
      const times = timesFaster(row, rows, own);
      return checksOf(row, rows, own, unread, times).map((check) => ({ of: name, ...check }));
    });
}

type Check = Omit<Budget, 'of'>;

function checksOf(
  row: Row,
  rows: readonly Row[],
  own: string,
  unread: ReadonlySet<string>,
  times: number | undefined,
): readonly Check[] {
  if (row.push === 'cold') return coldChecks(row, bestPeer(row, rows, own));
  if (row.push === 'no-op') return [...idleChecks(row, times), requestCheck(row), keptCheck(row)];
  if (unread.has(`${row.subject} ${row.push}`)) return [...idleChecks(row, times), deltaCheck(row)];
  return [ownTimeCheck(row), ...tunedChecks(row, rows)];
}

/** Of a push that runs nothing: no container, no layer, and many times faster than the best peer. */
function idleChecks(row: Row, times: number | undefined): readonly Check[] {
  const faster =
    times === undefined ? [] : [atLeast(times, TIMES_FASTER, (value) => `${value.toFixed(1)} × as fast`)];
  return [
    atMost(number(row, 'containers'), 0, (value) => `${value} containers`),
    atMost(number(row, 'layersRead'), 0, (value) => `${value} layers read`),
    ...faster,
  ];
}

/** Where nothing is sent: whoever sends asks for each blob first, those of the base too. */
function requestCheck(row: Row): Check {
  return atMost(number(row, 'requests'), REQUESTS, (value) => `${value} requests`);
}

function keptCheck({ runs }: Row): Check {
  const within = runs.every(({ keptDigest }) => keptDigest);
  return { limit: 'same digest', measured: within ? 'same digest' : 'another digest', within };
}

/** The compressed diff and 64 KiB, and what git's index takes for each file. */
function deltaCheck(row: Row): Check {
  const allowed = number(row, 'diffBytes') + DELTA_BYTES + number(row, 'files') * INDEX_BYTES_PER_FILE;
  return atMost(number(row, 'up'), allowed, (value) => `${bytesText(value)} up`);
}

/** What the tasks took themselves, a little more, the capture, and the pull of the base: the engine starts empty. */
function ownTimeCheck(row: Row): Check {
  const around = number(row, 'captureSeconds') + (medianOf(row, 'pullSeconds') ?? 0);
  return atMost(number(row, 'seconds'), number(row, 'tasksSeconds') * OWN_TIME_FACTOR + around, secondsText);
}

/** Of what changes dependencies: no slower than a Dockerfile that copies the lock file first. */
function tunedChecks(row: Row, rows: readonly Row[]): readonly Check[] {
  const tuned = rows.find(
    ({ subject, push, contender }) => subject === row.subject && push === row.push && contender === TUNED,
  );
  if (row.push !== 'dependencies' || tuned === undefined) return [];
  return [atMost(number(row, 'seconds'), number(tuned, 'seconds'), secondsText)];
}

function coldChecks(row: Row, peer: Row | undefined): readonly Check[] {
  if (peer === undefined) return [];
  return [atMost(number(row, 'seconds'), number(peer, 'seconds') * COLD_FACTOR, secondsText)];
}

/** What the program itself may take in memory, in any push. */
export function memoryBudget(rows: readonly Row[]): readonly Budget[] {
  const peaks = rows.map((row) => medianOf(row, 'peakMemory')).filter((peak) => peak !== undefined);
  if (peaks.length === 0) return [];
  return [{ of: 'memory, any push', ...atMost(Math.max(...peaks), MEMORY_BYTES, bytesText) }];
}

/** What planning alone may take. */
export function planningBudgets({ known, unknown }: Planning): readonly Budget[] {
  const kinds = [
    ['a commit that is there', known],
    ['a new commit', unknown],
  ] as const;
  return kinds.flatMap(([name, runs]) => [
    {
      of: `planning, ${name}`,
      ...atMost(median(runs.map(({ seconds }) => seconds)), PLANNING_SECONDS, preciseSeconds),
    },
    {
      of: `planning, ${name}`,
      ...atMost(median(runs.map(({ peakMemory }) => peakMemory)), MEMORY_BYTES, bytesText),
    },
  ]);
}

/** What `preheat validate` may take of its own, beside the start of the program. */
export function validationBudget({ seconds, startSeconds }: Validation): readonly Budget[] {
  const own = median(seconds) - median(startSeconds);
  return [{ of: `validating ${LINES} lines`, ...atMost(own, VALIDATION_SECONDS, preciseSeconds) }];
}

function preciseSeconds(seconds: number): string {
  return `${seconds.toFixed(2)} s`;
}

function number(row: Row, quantity: Parameters<typeof medianOf>[1]): number {
  return medianOf(row, quantity) ?? Number.NaN;
}

function atMost(measured: number, limit: number, text: (value: number) => string): Check {
  return { limit: `≤ ${text(limit)}`, measured: text(measured), within: measured <= limit };
}

function atLeast(measured: number, limit: number, text: (value: number) => string): Check {
  return { limit: `≥ ${text(limit)}`, measured: text(measured), within: measured >= limit };
}

import { PREHEAT, WITHOUT_DOWNLOADS } from './contenders/preheat.ts';
import { groupRuns } from './group-runs.ts';
import type { Measured, Row } from './measurement.ts';
import { measureSubject } from './measure-subject.ts';
import { medianOf, type Quantity } from './medians.ts';
import { bytesText, secondsText } from './quantity-text.ts';
import { NODE_SERVICE } from './subjects/node-service.ts';
import { markdownTable } from './table.ts';

const CONTENDERS = [PREHEAT, WITHOUT_DOWNLOADS];

/** Measures pushes of the Node example with the download cache and without it. */
export async function measureDownloads(runs: number, signal: AbortSignal): Promise<readonly Row[]> {
  const measured: Measured[] = [];
  const keep = (one: Measured): void => void measured.push(one);
  const pushes = new Set(['cold', 'dependencies'] as const);
  await measureSubject(NODE_SERVICE, { runs, pushes, contenders: CONTENDERS, signal, keep });
  return groupRuns(measured);
}

/** The section on what a download cache saves. */
export function downloadsText(rows: readonly Row[]): string {
  const table = markdownTable(
    [
      { title: 'push', align: 'left' },
      { title: 'built with', align: 'left' },
      { title: 'wall time', align: 'right' },
      { title: 'of it the tasks', align: 'right' },
      { title: 'of it the cache', align: 'right' },
      { title: 'bytes up', align: 'right' },
      { title: 'bytes down', align: 'right' },
    ],
    rows.map((row) => [
      row.push,
      CONTENDERS.find(({ name }) => name === row.contender)?.title ?? row.contender,
      ...(['seconds', 'tasksSeconds', 'downloadsSeconds'] as const).map((each) =>
        text(row, each, secondsText),
      ),
      ...(['up', 'down'] as const).map((each) => text(row, each, bytesText)),
    ]),
  );
  return `## Download cache\n\n${NODE_SERVICE.title}, on an engine that starts empty. _of it the cache_: finding, fetching and uploading what npm downloaded. What npm gets from its own registry is not among the bytes.\n\n${table}`;
}

function text(row: Row, quantity: Quantity, format: (value: number) => string): string {
  const value = medianOf(row, quantity);
  return value === undefined ? '' : format(value);
}

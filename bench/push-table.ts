import { medianOf, timesFaster } from './medians.ts';
import type { Row } from './measurement.ts';
import { bytesText, secondsText } from './quantity-text.ts';
import { markdownTable, type Column } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'push', align: 'left' },
  { title: 'built with', align: 'left' },
  { title: 'wall time', align: 'right' },
  { title: 'best peer ÷ it', align: 'right' },
  { title: 'containers', align: 'right' },
  { title: 'requests', align: 'right' },
  { title: 'bytes up', align: 'right' },
  { title: 'bytes down', align: 'right' },
  { title: 'of them base', align: 'right' },
  { title: 'digest', align: 'left' },
  { title: 'peak memory', align: 'right' },
];

/** The rows of one subject as a table, each with the ratio to the fastest of those that are not `own`. */
export function pushTable(rows: readonly Row[], own: string): string {
  return markdownTable(
    COLUMNS,
    rows.map((row) => [
      row.push,
      row.contender,
      text(row, 'seconds', secondsText),
      ratioText(timesFaster(row, rows, own)),
      ...(['containers', 'requests'] as const).map((quantity) => text(row, quantity, String)),
      ...(['up', 'down', 'baseDown'] as const).map((quantity) => text(row, quantity, bytesText)),
      digestText(row),
      text(row, 'peakMemory', bytesText),
    ]),
  );
}

function text(row: Row, quantity: Parameters<typeof medianOf>[1], format: (value: number) => string): string {
  const value = medianOf(row, quantity);
  return value === undefined ? '' : format(value);
}

function ratioText(ratio: number | undefined): string {
  return ratio === undefined ? '' : `${ratio.toFixed(ratio < 10 ? 1 : 0)} ×`;
}

function digestText({ push, runs }: Row): string {
  if (push === 'cold') return '';
  return runs.every(({ keptDigest }) => keptDigest) ? 'kept' : 'new';
}

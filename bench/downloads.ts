import type { Contender } from './contenders/contender.ts';
import { PREHEAT, WITHOUT_DOWNLOADS } from './contenders/preheat.ts';
import { groupRuns } from './group-runs.ts';
import type { Measured, Row } from './measurement.ts';
import { measureSubject } from './measure-subject.ts';
import { medianOf, type Quantity } from './medians.ts';
import { startNpmProxy, type NpmProxy } from './npm-proxy.ts';
import { bytesText, secondsText } from './quantity-text.ts';
import { NODE_SERVICE } from './subjects/node-service.ts';
import type { SubjectKind } from './subjects/subject.ts';
import { markdownTable } from './table.ts';

const CONTENDERS = [PREHEAT, WITHOUT_DOWNLOADS];

/** Measures pushes of the Node example with the download cache and without it, which take turns. */
export async function measureDownloads(runs: number, signal: AbortSignal): Promise<readonly Row[]> {
  await using npm = await startNpmProxy();
  const measured: Measured[] = [];
  await measureSubject(subjectOf(npm), {
    runs,
    pushes: new Set(['cold', 'dependencies']),
    contenders: CONTENDERS.map((contender) => counting(contender, npm)),
    signal,
    keep: (one) => void measured.push(one),
  });
  return groupRuns(
    measured,
    CONTENDERS.map(({ name }) => name),
  );
}

function subjectOf({ address }: NpmProxy): SubjectKind {
  return {
    ...NODE_SERVICE,
    async make(nameOf) {
      const subject = await NODE_SERVICE.make(nameOf);
      await subject.clone.commit({ '.npmrc': `registry=${address}\n` }, 'Name a registry');
      return subject;
    },
  };
}

function counting(contender: Contender, npm: NpmProxy): Contender {
  return {
    ...contender,
    async push(around) {
      npm.take();
      const pushed = await contender.push(around);
      const { requests, bytes } = npm.take();
      return { ...pushed, npmRequests: requests, npmDown: bytes };
    },
  };
}

const COLUMNS: readonly (readonly [title: string, Quantity, (value: number) => string])[] = [
  ['wall time', 'seconds', secondsText],
  ['tasks', 'tasksSeconds', secondsText],
  ['cache', 'downloadsSeconds', secondsText],
  ['requests to npm', 'npmRequests', String],
  ['bytes from npm', 'npmDown', bytesText],
  ['bytes up', 'up', bytesText],
  ['bytes down', 'down', bytesText],
];

/** The section on what a download cache saves. */
export function downloadsText(rows: readonly Row[]): string {
  const titles = COLUMNS.map(([title]) => ({ title, align: 'right' }) as const);
  const table = markdownTable(
    [{ title: 'push', align: 'left' }, { title: 'built with', align: 'left' }, ...titles],
    rows.map((row) => [row.push, titleOf(row), ...COLUMNS.map((column) => text(row, column))]),
  );
  return `## Download cache

${NODE_SERVICE.title}, on an engine that starts empty, with npm's registry behind a proxy on loopback that counts. _cache_: what finding, fetching and uploading it took of the wall time. _bytes up_ and _bytes down_: to and from the registry of images, as above.

${table}`;
}

function titleOf({ contender }: Row): string {
  return CONTENDERS.find(({ name }) => name === contender)?.title ?? contender;
}

function text(row: Row, [, quantity, format]: (typeof COLUMNS)[number]): string {
  const value = medianOf(row, quantity);
  return value === undefined ? '' : format(value);
}

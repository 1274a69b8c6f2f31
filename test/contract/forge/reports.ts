import assert from 'node:assert/strict';
import type { Annotation } from '../../../src/report/finding-annotations.ts';
import type { InsightsForge } from '../../../src/report/forge.ts';
import type { InsightsReport } from '../../../src/report/insights-report.ts';

/** A report as it stands. */
export interface ShownReport {
  readonly title: string;
  readonly result: string;
  readonly data: readonly unknown[];
  /** Ids of its annotations, in the order in which they came first. */
  readonly annotations: readonly string[];
}

/** A forge of reports with a way to look at what it was told. */
export interface InsightsUnderTest extends AsyncDisposable {
  readonly forge: InsightsForge;
  /** A commit that the forge knows. */
  readonly commit: string;
  /** A commit that it does not. */
  readonly unknownCommit: string;
  /** The reports of `commit`, by id. */
  reports(): Readonly<Record<string, ShownReport>>;
}

const DATA: InsightsReport['data'] = [
  { title: 'Reused', type: 'BOOLEAN', value: true },
  { title: 'Took', type: 'DURATION', value: 61_000 },
  { title: 'Open', type: 'LINK', value: { text: 'as a workspace', href: 'https://example.org/w' } },
  { title: 'Layers', type: 'NUMBER', value: 7 },
  { title: 'Warm', type: 'PERCENTAGE', value: 87.5 },
  { title: 'Base', type: 'TEXT', value: 'ünïcode' },
];

function annotation(id: number | string): Annotation {
  return {
    external_id: `preheat-${id}`,
    annotation_type: 'BUG',
    path: '.gitpod.yml',
    line: 3,
    severity: 'HIGH',
    result: 'FAILED',
    summary: 'It is wrong',
    details: 'a frame\nof two lines',
  };
}

function annotations(count: number): readonly Annotation[] {
  return Array.from({ length: count }, (_, index) => annotation(index));
}

/** What every forge promises about reports. */
export function describeReports(start: () => Promise<InsightsUnderTest>): void {
  const signal = new AbortController().signal;
  const report = (commit: string, changes: Partial<InsightsReport> = {}): InsightsReport => ({
    commit,
    id: 'preheat-0123456789ab',
    title: 'Workspace image',
    details: 'Warm',
    reporter: 'preheat',
    link: 'https://bitbucket.org/team/app/pipelines/results/7',
    result: 'PASSED',
    data: DATA,
    annotations: [],
    ...changes,
  });
  const idsOf = ({ reports }: InsightsUnderTest) => reports()['preheat-0123456789ab']?.annotations;

  it('shows a report with all that it says', async () => {
    await using subject = await start();
    const told = report(subject.commit, { annotations: annotations(2) });
    await subject.forge.putReport(told, { signal, purge: false });
    assert.deepEqual(subject.reports(), {
      [told.id]: {
        title: told.title,
        result: 'PASSED',
        data: DATA,
        annotations: ['preheat-0', 'preheat-1'],
      },
    });
  });

  it('takes ten cells and the longest texts', async () => {
    await using subject = await start();
    const cell = { title: 't', type: 'TEXT', value: 'v' } as const;
    const long = report(subject.commit, {
      title: 't'.repeat(450),
      details: 'd'.repeat(2000),
      data: Array.from({ length: 10 }, () => cell),
      annotations: [{ ...annotation(1), summary: 's'.repeat(450), details: 'd'.repeat(2000) }],
    });
    await subject.forge.putReport(long, { signal, purge: false });
    assert.deepEqual(idsOf(subject), ['preheat-1']);
  });

  it('overwrites a report by its id and keeps those of other ids', async () => {
    await using subject = await start();
    const { forge, commit } = subject;
    await forge.putReport(report(commit, { result: 'PENDING' }), { signal, purge: false });
    await forge.putReport(report(commit, { id: 'other' }), { signal, purge: false });
    await forge.putReport(report(commit, { result: 'FAILED' }), { signal, purge: false });
    const results = Object.entries(subject.reports()).map(([id, { result }]) => `${id} ${result}`);
    assert.deepEqual(results.toSorted(), ['other PASSED', 'preheat-0123456789ab FAILED']);
  });

  it('purges what an earlier report of the id was annotated with, where it is asked to', async () => {
    await using subject = await start();
    const { forge, commit } = subject;
    const put = async (ids: readonly string[], purge: boolean) =>
      await forge.putReport(report(commit, { annotations: ids.map(annotation) }), { signal, purge });
    await put(['a', 'b'], false);
    await put(['b', 'c'], false);
    assert.deepEqual(idsOf(subject), ['preheat-a', 'preheat-b', 'preheat-c']);
    await put(['c', 'd'], true);
    assert.deepEqual(idsOf(subject), ['preheat-c', 'preheat-d']);
    await put([], true);
    assert.deepEqual(idsOf(subject), []);
  });

  it('purges where there is nothing yet', async () => {
    await using subject = await start();
    await subject.forge.putReport(report(subject.commit), { signal, purge: true });
    assert.deepEqual(idsOf(subject), []);
  });

  for (const [given, shown] of [
    [100, 100],
    [101, 101],
    [1000, 1000],
    [1001, 1000],
  ] as const)
    it(`annotates a report with ${shown} of ${given} findings, in order`, async () => {
      await using subject = await start();
      const told = report(subject.commit, { annotations: annotations(given) });
      await subject.forge.putReport(told, { signal, purge: false });
      assert.deepEqual(
        idsOf(subject),
        annotations(shown).map((one) => one.external_id),
      );
    });

  it('refuses a report on a commit that it does not know', async () => {
    await using subject = await start();
    await assert.rejects(subject.forge.putReport(report(subject.unknownCommit), { signal, purge: true }), {
      name: 'PreheatError',
      phase: 'report',
      code: 'not-found',
      message: /^cannot put the report /,
    });
  });

  it('sends no report when it is told to stop before it began', async () => {
    await using subject = await start();
    const stopped = AbortSignal.abort(new Error('stopped'));
    await assert.rejects(
      subject.forge.putReport(report(subject.commit), { signal: stopped, purge: true }),
      /stopped/,
    );
    assert.deepEqual(subject.reports(), {});
  });
}

import assert from 'node:assert/strict';
import { PreheatError } from '../../src/kernel/failure.ts';
import { ANNOTATION } from '../../src/oci/annotations.ts';
import type { ContentStore } from '../../src/oci/content-store.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { PastRun } from '../../src/oci/past-run.ts';
import { commitTag, reportTag } from '../../src/oci/tags.ts';
import { readPastRuns } from '../../src/survey/past-runs.ts';
import { silentLog } from '../support/silent-log.ts';

const ON = { os: 'linux', architecture: 'amd64' };
const MAIN = { kind: 'protected', branch: 'main' } as const;
const options = { signal: new AbortController().signal };

const commitOf = (day: number): string => String(day).padStart(40, '0');
const timeOf = (day: number): string => new Date(Date.UTC(2026, 0, day)).toISOString();
const runOf = (day: number): PastRun => ({
  commit: commitOf(day),
  ref: 'main',
  finishedAt: timeOf(day),
  durationMs: 1,
  steps: [],
  imageBytes: 1,
  uploadedBytes: 1,
});

/** Reports of days, each of which remembers the two days before it too. */
function storeOf(days: readonly number[], annotationsOf?: (day: number) => Record<string, string>) {
  const asked: string[] = [];
  const tags = new Map(days.map((day) => [reportTag(MAIN, commitOf(day), ON), day]));
  const config = { mediaType: 'm', digest: digestOf('config'), size: 2 };
  const store: Pick<ContentStore, 'listTags' | 'readManifest'> = {
    listTags: async () => ['latest', commitTag(MAIN, commitOf(1), ON), ...tags.keys()],
    async readManifest(tag) {
      asked.push(tag);
      const day = tags.get(tag) ?? 0;
      if (day === 13) throw new PreheatError('cannot read it', { phase: 'observe', code: 'corrupt' });
      const runs = [day, day - 1, day - 2].map(runOf);
      const usual = { [ANNOTATION.pastRuns]: JSON.stringify({ schemaVersion: 1, runs }) };
      const annotations = annotationsOf?.(day) ?? usual;
      return { descriptor: config, manifest: { schemaVersion: 2, config, layers: [], annotations } };
    },
  };
  return { asked, store: store as ContentStore };
}

const dates = {
  datesOf: async (commits: readonly string[]) => new Map(commits.map((id) => [id, timeOf(Number(id))])),
};

describe('readPastRuns', () => {
  it('tells each run once, the newest first', async () => {
    const { store } = storeOf([3, 5, 4]);
    const runs = await readPastRuns({ store, dates, log: silentLog().log }, options);
    assert.deepEqual(
      runs.map(({ commit }) => Number(commit)),
      [5, 4, 3, 2, 1],
    );
  });

  it('reads the newest forty reports, and nothing else', async () => {
    const { store, asked } = storeOf(Array.from({ length: 100 }, (_, at) => at + 100));
    await readPastRuns({ store, dates, log: silentLog().log }, options);
    assert.equal(asked.length, 40);
    assert.ok(asked.includes(reportTag(MAIN, commitOf(199), ON)));
    assert.ok(!asked.includes(reportTag(MAIN, commitOf(159), ON)));
  });

  it('leaves out what cannot be read, each with one line', async () => {
    const { store } = storeOf([13, 20, 30], (day) =>
      day === 20 ? {} : { [ANNOTATION.pastRuns]: JSON.stringify({ schemaVersion: 1, runs: [runOf(day)] }) },
    );
    const { log, lines } = silentLog();
    const runs = await readPastRuns({ store, dates, log }, options);
    assert.deepEqual(
      runs.map(({ commit }) => Number(commit)),
      [30],
    );
    assert.equal(lines.length, 2);
  });
});

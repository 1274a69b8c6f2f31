import assert from 'node:assert/strict';
import { PastRun } from '../../src/oci/past-run.ts';
import { pastRunOf } from '../../src/report/past-run.ts';
import { savedInAll } from '../../src/report/saved.ts';
import { brokenOutcome, pullRequestOutcome } from './page/samples.ts';

describe('past run', () => {
  it('keeps of an outcome what later runs tell of it', () => {
    const run = pastRunOf(pullRequestOutcome);
    assert.deepEqual(PastRun.parse(run), run);
    assert.deepEqual(run, {
      commit: pullRequestOutcome.commit,
      ref: 'feature/login',
      pullRequest: 12,
      finishedAt: '2026-11-22T10:00:02.000Z',
      durationMs: 2_000,
      steps: [
        { name: 'base', outcome: 'reused', durationMs: 10, savedMs: 31_000, savedBytes: 118_000_000 },
        { name: 'tasks', outcome: 'reused', durationMs: 14, savedMs: 41_000, savedBytes: 97_400_000 },
      ],
      imageBytes: 519_138_846,
      uploadedBytes: 4_200,
    });
  });

  it('says of a step that ran what it took, and not that anything was saved', () => {
    assert.deepEqual(pastRunOf(brokenOutcome).steps, [
      { name: 'base', outcome: 'ran', durationMs: 21_300 },
      { name: 'tasks', outcome: 'failed', durationMs: 12_400 },
    ]);
    assert.deepEqual(savedInAll(brokenOutcome.steps), { ms: 0, bytes: 0 });
    assert.deepEqual(savedInAll(pullRequestOutcome.steps), { ms: 72_000, bytes: 215_400_000 });
  });
});

import assert from 'node:assert/strict';
import type { PastRun } from '../../src/oci/past-run.ts';
import { ledgerText, ledgerWeeks } from '../../src/report/ledger-text.ts';

function run(finishedAt: string, outcome: 'ran' | 'reused', ref = 'main'): PastRun {
  const saved = outcome === 'reused' ? { savedMs: 60_000, savedBytes: 5_000_000 } : {};
  const step = { name: 'tasks', outcome, durationMs: 10, ...saved };
  return {
    commit: 'c'.repeat(40),
    ref,
    finishedAt,
    durationMs: 1000,
    steps: [step],
    imageBytes: 1,
    uploadedBytes: 1,
  };
}

const RUNS = [
  run('2026-11-25T10:00:00Z', 'reused'),
  run('2026-11-23T00:00:00Z', 'ran', 'feature/x'),
  run('2026-11-22T23:59:59Z', 'reused'),
  run('2026-11-16T10:00:00Z', 'ran'),
];

describe('a ledger', () => {
  it('tells branches and steps, then weeks', () => {
    assert.deepEqual(ledgerText(RUNS, 'registry.example.com/app'), [
      '4 runs from 2026-11-16 to 2026-11-25 in registry.example.com/app',
      '',
      'branch     step   runs  hits  hit rate  time saved  bytes saved',
      'main       tasks  3     2     67 %      2 min 00 s  10 MB',
      'feature/x  tasks  1     0     0 %       0.0 s       0 B',
      '',
      'week of     runs  hits  hit rate  time saved',
      '2026-11-23  2     1     50 %      1 min 00 s',
      '2026-11-16  2     1     50 %      1 min 00 s',
    ]);
  });

  it('begins its weeks on Monday', () => {
    assert.deepEqual(
      ledgerWeeks(RUNS).map(({ monday, runs }) => [monday, runs]),
      [
        ['2026-11-23', 2],
        ['2026-11-16', 2],
      ],
    );
  });

  it('says that there is none', () => {
    assert.deepEqual(ledgerText([], 'oci:images'), ['no run has left a report in oci:images']);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ledgerOf, type LedgerLine } from '../../src/report/ledger.ts';
import type { PastRun } from '../../src/oci/past-run.ts';

function run(ref: string, ...steps: PastRun['steps']): PastRun {
  return {
    commit: 'a'.repeat(40),
    ref,
    finishedAt: '2026-11-22T10:00:00Z',
    durationMs: 2_000,
    steps,
    imageBytes: 1,
    uploadedBytes: 1,
  };
}

const hit = (name: string, savedMs: number, savedBytes: number): PastRun['steps'][number] => ({
  name,
  outcome: 'reused',
  durationMs: 10,
  savedMs,
  savedBytes,
});

/** Lines in an order of their own, to compare what they say. */
function sorted(lines: readonly LedgerLine[]): readonly LedgerLine[] {
  const key = ({ ref, step }: LedgerLine): string => JSON.stringify([ref, step]);
  return lines.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

describe('ledger', () => {
  it('adds up runs, hits and what they saved, for each branch and step', () => {
    const lines = ledgerOf([
      run('feature', hit('base', 5_000, 30), hit('tasks', 60_000, 900)),
      run('main', hit('tasks', 50_000, 800)),
      run('feature', hit('base', 6_000, 40), { name: 'tasks', outcome: 'ran', durationMs: 61_000 }),
      run('feature', hit('base', 7_000, 50), { name: 'tasks', outcome: 'failed', durationMs: 1_000 }),
      run('feature', hit('base', 8_000, 60), hit('tasks', 60_000, 100)),
    ]);
    assert.deepEqual(lines, [
      { ref: 'feature', step: 'base', runs: 4, hits: 4, hitRate: 1, savedMs: 26_000, savedBytes: 180 },
      { ref: 'feature', step: 'tasks', runs: 4, hits: 2, hitRate: 0.5, savedMs: 120_000, savedBytes: 1_000 },
      { ref: 'main', step: 'tasks', runs: 1, hits: 1, hitRate: 1, savedMs: 50_000, savedBytes: 800 },
    ]);
  });

  it('counts no step that was not reached, and nothing saved by one that ran', () => {
    const lines = ledgerOf([
      run(
        'main',
        { name: 'base', outcome: 'ran', savedMs: 9, savedBytes: 9 },
        { name: 'tasks', outcome: 'not-reached' },
      ),
    ]);
    assert.deepEqual(lines, [
      { ref: 'main', step: 'base', runs: 1, hits: 0, hitRate: 0, savedMs: 0, savedBytes: 0 },
    ]);
  });

  it('takes a hit of which nothing more is known, and no runs at all', () => {
    assert.deepEqual(ledgerOf([run('', { name: 'tasks', outcome: 'reused' })]), [
      { ref: '', step: 'tasks', runs: 1, hits: 1, hitRate: 1, savedMs: 0, savedBytes: 0 },
    ]);
    assert.deepEqual(ledgerOf([]), []);
    assert.deepEqual(ledgerOf([run('main')]), []);
  });

  it('says the same in whatever order the runs come, and no branch mixes with another', () => {
    const step = fc.record({
      name: fc.constantFrom('base', 'tasks', '__proto__'),
      outcome: fc.constantFrom('reused', 'ran', 'failed', 'not-reached'),
      savedMs: fc.nat(100_000),
      savedBytes: fc.nat(100_000),
    });
    const runs = fc.array(
      fc
        .tuple(fc.constantFrom('main', 'feature', 'constructor', ''), fc.array(step, { maxLength: 3 }))
        .map(([ref, steps]) => run(ref, ...steps)),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(runs, (past) => {
        const lines = ledgerOf(past);
        assert.deepEqual(sorted(ledgerOf(past.toReversed())), sorted(lines));
        for (const { ref, step: name, runs: decided, hits, hitRate } of lines) {
          const same = past.filter((one) => one.ref === ref).flatMap(({ steps }) => steps);
          const reached = same.filter((one) => one.name === name && one.outcome !== 'not-reached');
          assert.equal(decided, reached.length);
          assert.equal(hitRate, hits / decided);
        }
      }),
    );
  });
});

import assert from 'node:assert/strict';
import { budgetTable } from '../../bench/budget-table.ts';
import { memoryBudget, planningBudgets, pushBudgets, validationBudget } from '../../bench/budgets.ts';
import type { Row } from '../../bench/measurement.ts';
import { rowOf } from './rows.ts';

const UNREAD = new Set(['node docs-only']);
const MIB = 1024 * 1024;

/** The limits that are exceeded, as they are printed. */
function over(...rows: readonly Row[]): readonly string[] {
  return pushBudgets(rows, 'preheat', UNREAD)
    .filter(({ within }) => !within)
    .map(({ limit }) => limit);
}

function limits(...rows: readonly Row[]): readonly string[] {
  return pushBudgets(rows, 'preheat', UNREAD).map(({ limit }) => limit);
}

describe('budgets', () => {
  const peer = rowOf('no-op', 'tuned', { seconds: 20 });

  it('let a push that changes nothing do nothing', () => {
    assert.deepEqual(over(rowOf('no-op', 'preheat', { seconds: 1 }), peer), []);
    const busy = { seconds: 1.1, containers: 1, layersRead: 1, requests: 13, keptDigest: false };
    assert.deepEqual(over(rowOf('no-op', 'preheat', busy), peer), [
      '≤ 0 containers',
      '≤ 0 layers read',
      '≥ 20.0 × as fast',
      '≤ 12 requests',
      'same digest',
    ]);
  });

  it('let a change that no task reads send the diff, 64 KiB, and 30 bytes a file', () => {
    const slow = rowOf('docs-only', 'tuned', { seconds: 20 });
    const allowed = { seconds: 1, diffBytes: 100, files: 10, up: 100 + 64 * 1024 + 300, keptDigest: false };
    assert.deepEqual(over(rowOf('docs-only', 'preheat', allowed), slow), []);
    assert.deepEqual(over(rowOf('docs-only', 'preheat', { ...allowed, up: allowed.up + 1 }), slow), [
      '≤ 64 KiB up',
    ]);
  });

  it('let a change that tasks read take their time, a little more, and the capture', () => {
    const run = { tasksSeconds: 10, captureSeconds: 2, keptDigest: false };
    assert.deepEqual(over(rowOf('source-only', 'preheat', { ...run, seconds: 13.4 })), []);
    assert.deepEqual(over(rowOf('source-only', 'preheat', { ...run, seconds: 13.6 })), ['≤ 13.5 s']);
  });

  it('let it take the pull of the base too, and a change of dependencies no more than a tuned Dockerfile', () => {
    const run = { tasksSeconds: 10, captureSeconds: 2, pullSeconds: 5, keptDigest: false };
    assert.deepEqual(over(rowOf('source-only', 'preheat', { ...run, seconds: 18.4 })), []);
    const peers = [
      rowOf('dependencies', 'tuned', { seconds: 15 }),
      rowOf('dependencies', 'other', { seconds: 1 }),
      rowOf('source-only', 'tuned', { seconds: 1 }),
    ];
    assert.deepEqual(over(rowOf('dependencies', 'preheat', { ...run, seconds: 15 }), ...peers), []);
    assert.deepEqual(over(rowOf('dependencies', 'preheat', { ...run, seconds: 15.2 }), ...peers), [
      '≤ 15.0 s',
    ]);
    assert.deepEqual(over(rowOf('source-only', 'preheat', { ...run, seconds: 15 }), ...peers), []);
  });

  it('let a cold push take a tenth more than the best peer', () => {
    const peers = [rowOf('cold', 'naive', { seconds: 30 }), rowOf('cold', 'tuned', { seconds: 10 })];
    assert.deepEqual(over(rowOf('cold', 'preheat', { seconds: 10.9 }), ...peers), []);
    assert.deepEqual(over(rowOf('cold', 'preheat', { seconds: 11.1 }), ...peers), ['≤ 11.0 s']);
  });

  it('are not made up where no peer was measured, and bind nobody else', () => {
    assert.deepEqual(limits(rowOf('cold', 'preheat', {})), []);
    assert.ok(!limits(rowOf('no-op', 'preheat', {})).some((limit) => limit.includes('as fast')));
    assert.deepEqual(limits(peer), []);
  });

  it('are exceeded where what they bound was not measured', () => {
    assert.equal(over(rowOf('source-only', 'preheat', {})).length, 1);
  });

  it('bound the memory of all pushes by the largest', () => {
    const rows = [
      rowOf('cold', 'preheat', { peakMemory: 301 * MIB }),
      rowOf('no-op', 'preheat', { peakMemory: 90 * MIB }),
      rowOf('cold', 'tuned', {}),
    ];
    assert.deepEqual(memoryBudget(rows), [
      { of: 'memory, any push', limit: '≤ 300 MiB', measured: '301 MiB', within: false },
    ]);
    assert.deepEqual(memoryBudget([rowOf('cold', 'tuned', {})]), []);
  });

  it('bound the time and the memory of planning', () => {
    const fast = [{ seconds: 0.9, peakMemory: 100 * MIB, requests: 3 }];
    const slow = [{ seconds: 1.01, peakMemory: 400 * MIB, requests: 3 }];
    const verdicts = planningBudgets({ known: fast, unknown: slow }).map(({ within }) => within);
    assert.deepEqual(verdicts, [true, true, false, false]);
  });

  it('bound what validating takes beside the start of the program', () => {
    const verdict = (seconds: number) =>
      validationBudget({ seconds: [seconds, 9, 0], startSeconds: [0.5, 0.4, 9] });
    assert.deepEqual(verdict(0.75), [
      { of: 'validating 2000 lines', limit: '≤ 0.30 s', measured: '0.25 s', within: true },
    ]);
    assert.deepEqual(verdict(0.85)[0]?.within, false);
  });

  it('are printed with a verdict each', () => {
    const text = budgetTable([
      { of: 'a', limit: '≤ 1 s', measured: '0.5 s', within: true },
      { of: 'b', limit: '≤ 1 s', measured: '2.0 s', within: false },
    ]);
    assert.match(text, /^\| a \| ≤ 1 s \| 0\.5 s \| within \|$/m);
    assert.match(text, /^\| b \| ≤ 1 s \| 2\.0 s \| \*\*OVER\*\* \|$/m);
  });
});

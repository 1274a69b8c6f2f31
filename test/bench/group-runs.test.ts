import assert from 'node:assert/strict';
import { groupRuns } from '../../bench/group-runs.ts';
import type { PushKind } from '../../bench/push-kind.ts';
import { MEASUREMENT } from './rows.ts';

function measured(subject: string, push: PushKind, contender: string, seconds: number) {
  return { subject, push, contender, run: { ...MEASUREMENT, seconds } };
}

describe('runs', () => {
  it('come together by subject, push and contender, pushes and contenders in their order', () => {
    const all = [
      measured('node', 'no-op', 'tuned', 0),
      measured('node', 'no-op', 'preheat', 1),
      measured('node', 'cold', 'preheat', 2),
      measured('node', 'cold', 'tuned', 3),
      measured('c-make', 'cold', 'preheat', 4),
      measured('node', 'cold', 'preheat', 5),
    ];
    const rows = groupRuns(all, ['preheat', 'naive', 'tuned']);
    const seen = rows.map(({ subject, push, contender, runs }) =>
      [subject, push, contender, ...runs.map(({ seconds }) => seconds)].join(' '),
    );
    assert.deepEqual(seen, [
      'node cold preheat 2 5',
      'node cold tuned 3',
      'node no-op preheat 1',
      'node no-op tuned 0',
      'c-make cold preheat 4',
    ]);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bestPeer, medianOf, timesFaster } from '../../bench/medians.ts';
import { median } from '../../bench/median.ts';
import { rowOf } from './rows.ts';

describe('the median', () => {
  it('is the middle one, the upper one of two', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([1, 2]), 2);
    assert.ok(Number.isNaN(median([])));
  });

  it('has as many values at most as large as at least as large, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const middle = median(values);
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        assert.ok(values.includes(middle) && below <= values.length / 2 && above <= values.length / 2);
      }),
    );
  });
});

describe('medians of rows', () => {
  it('are taken over the runs that measured it', () => {
    const row = rowOf('cold', 'preheat', { seconds: 9, peakMemory: 5 }, { seconds: 1 }, { seconds: 2 });
    assert.equal(medianOf(row, 'seconds'), 2);
    assert.equal(medianOf(row, 'peakMemory'), 5);
    assert.equal(medianOf(row, 'captureSeconds'), undefined);
  });

  it('are held against the fastest other contender of the same push', () => {
    const own = rowOf('no-op', 'preheat', { seconds: 2 });
    const slow = rowOf('no-op', 'naive', { seconds: 30 });
    const fast = rowOf('no-op', 'tuned', { seconds: 20 });
    const rows = [own, slow, fast, rowOf('cold', 'tuned', { seconds: 1 }), { ...fast, subject: 'c' }];
    assert.equal(bestPeer(own, rows, 'preheat'), fast);
    const elsewhere = rowOf('no-op', 'tuned-max', { seconds: 1 });
    assert.equal(bestPeer(own, [...rows, { ...elsewhere, isElsewhere: true }], 'preheat'), fast);
    assert.equal(timesFaster(own, rows, 'preheat'), 10);
    assert.equal(timesFaster(fast, rows, 'preheat'), 1);
    assert.equal(timesFaster(slow, rows, 'preheat'), 20 / 30);
    assert.equal(timesFaster(own, [own], 'preheat'), undefined);
  });
});

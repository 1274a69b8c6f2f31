import assert from 'node:assert/strict';
import { widthOf, slabsOf } from '../../../src/report/page/stack.ts';
import { pullRequestOutcome } from './samples.ts';

describe('stack of layers', () => {
  it('gathers neighbours that are alike, and no others', () => {
    const [base] = pullRequestOutcome.layers;
    assert.ok(base);
    const slabs = slabsOf([
      base,
      base,
      { ...base, shared: false },
      { ...base, reused: false },
      { ...base, role: 'task' },
      base,
    ]);
    assert.deepEqual(
      slabs.map(({ role, reused, shared, layers, bytes }) => [
        role,
        reused,
        shared,
        layers.length,
        bytes / base.size,
      ]),
      [
        ['base', true, true, 2, 2],
        ['base', true, false, 1, 1],
        ['base', false, true, 1, 1],
        ['task', true, true, 1, 1],
        ['base', true, true, 1, 1],
      ],
    );
    assert.deepEqual(slabsOf([]), []);
  });

  it('adds the same width for each tenfold of bytes, up to the largest', () => {
    const widths = [1e3, 1e4, 1e5, 1e6].map((bytes) => widthOf(bytes, 1e6));
    assert.deepEqual(widths, [6, 37.3, 68.7, 100]);
  });

  it('lets be seen what has no size, and draws nothing wider than the box', () => {
    assert.equal(widthOf(0, 1e9), 6);
    assert.equal(widthOf(-5, 1e9), 6);
    assert.equal(widthOf(0, 0), 100);
    assert.equal(widthOf(1e300, 1e9), 100);
  });
});

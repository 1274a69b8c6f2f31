import assert from 'node:assert/strict';
import fc from 'fast-check';
import { followsPin, parseBaseRefresh } from '../../src/observe/base-refresh.ts';

const HOUR = 3_600_000;

describe('parseBaseRefresh', () => {
  it('reads words and ages', () => {
    for (const kind of ['always', 'push', 'never'] as const) {
      assert.deepEqual(parseBaseRefresh(kind), { kind });
    }
    assert.deepEqual(parseBaseRefresh('12h'), { kind: 'older-than', milliseconds: 12 * HOUR });
    assert.deepEqual(parseBaseRefresh('3d'), { kind: 'older-than', milliseconds: 72 * HOUR });
    assert.deepEqual(parseBaseRefresh('2w'), { kind: 'older-than', milliseconds: 336 * HOUR });
  });

  it('refuses everything else with what it takes', () => {
    for (const text of ['', '0h', '-1d', '1.5d', '12', 'h', '12m', 'Never', '99999d']) {
      assert.throws(
        () => parseBaseRefresh(text),
        /expected always, push, never or an age such as 12h, 3d, 2w/,
      );
    }
  });
});

describe('followsPin', () => {
  it('lets branches follow whatever the age, unless nothing is pinned', () => {
    const use = { age: 1000 * HOUR, isDefaultBranch: false };
    const followed = ['always', 'push', '1h', 'never'].map((text) => followsPin(parseBaseRefresh(text), use));
    assert.deepEqual(followed, [false, true, true, true]);
  });

  it('lets the default branch ask again, at each push or when its answer is too old', () => {
    const answers = (age: number) =>
      ['always', 'push', '1h', 'never'].map((text) =>
        followsPin(parseBaseRefresh(text), { age, isDefaultBranch: true }),
      );
    assert.deepEqual(answers(HOUR - 1), [false, false, true, true]);
    assert.deepEqual(answers(HOUR), [false, false, false, true]);
  });

  it('asks again where a pin comes from the future', () => {
    fc.assert(
      fc.property(fc.integer({ max: -1 }), (age) =>
        assert.equal(followsPin(parseBaseRefresh('1w'), { age, isDefaultBranch: true }), false),
      ),
    );
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Outcome } from '../../../src/report/outcome.ts';
import { ticksOf, timelineOf } from '../../../src/report/page/timeline.ts';
import { warmOutcome } from '../sample-outcome.ts';
import { emptyOutcome } from './samples.ts';

function runOf(seconds: number): Outcome {
  return {
    ...warmOutcome,
    stages: [],
    finishedAt: new Date(Date.parse(warmOutcome.startedAt) + 1000 * seconds).toISOString(),
  };
}

describe('timeline', () => {
  it('lays stages out in proportion, in the order in which they started', () => {
    const { totalMs, bars } = timelineOf({ ...warmOutcome, stages: warmOutcome.stages.toReversed() });
    assert.equal(totalMs, 2_000);
    assert.deepEqual(
      bars.map(({ stage, from, width }) => [stage.name, from, width]),
      [
        ['observe', 5, 45],
        ['tasks', 50, 0.6],
        ['publish', 55, 45],
      ],
    );
  });

  it('has a handful of ticks that people count in', () => {
    const texts = ([0.03, 2, 4, 55, 64, 400, 3_000, 100_000, 9e8] as const).map((seconds) =>
      ticksOf(timelineOf(runOf(seconds)))
        .map(({ text }) => text)
        .join(' '),
    );
    assert.deepEqual(texts, [
      '0 0.01 s 0.02 s 0.03 s',
      '0 0.5 s 1 s 1.5 s 2 s',
      '0 1 s 2 s 3 s 4 s',
      '0 15 s 30 s 45 s',
      '0 15 s 30 s 45 s 1 min',
      '0 2 min 4 min 6 min',
      '0 10 min 20 min 30 min 40 min 50 min',
      '0 8 h 16 h 24 h',
      '0 65536 h 131072 h 196608 h',
    ]);
  });

  it('takes a run without a beginning from its first stage, and one without times as nothing', () => {
    const { bars } = timelineOf({ ...warmOutcome, startedAt: 'x' });
    assert.deepEqual(
      bars.map(({ fromMs }) => fromMs),
      [0, 900, 1_000],
    );
    assert.deepEqual(timelineOf(emptyOutcome), { totalMs: 0, tickMs: 0, bars: [] });
    assert.deepEqual(ticksOf(timelineOf(emptyOutcome)), []);
  });

  it('keeps every bar on the axis, whatever the times', () => {
    const time = fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.constantFrom('', 'x', warmOutcome.startedAt),
    );
    const stage = fc.record({
      name: fc.constant('a'),
      startedAt: time,
      durationMs: fc.oneof(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), fc.nat(100_000)),
      outcome: fc.constant('done' as const),
      detail: fc.constant(''),
    });
    fc.assert(
      fc.property(time, time, fc.array(stage, { maxLength: 5 }), (startedAt, finishedAt, stages) => {
        const timeline = timelineOf({ ...warmOutcome, startedAt, finishedAt, stages });
        for (const { from, width } of timeline.bars) {
          assert.ok(from >= 0 && width >= 0 && from + width <= 100.01, `${from} ${width}`);
        }
        const ticks = ticksOf(timeline);
        assert.ok(ticks.length <= 6 && ticks.every(({ at }) => at >= 0 && at <= 100));
      }),
    );
  });
});

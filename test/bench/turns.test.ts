import assert from 'node:assert/strict';
import fc from 'fast-check';
import { takeTurns, turnsOf } from '../../bench/turns.ts';

describe('the order of turns', () => {
  it('begins with the next one in each round', () => {
    const rounds = [0, 1, 2, 3].map((round) => turnsOf(['a', 'b', 'c'], round).join(''));
    assert.deepEqual(rounds, ['abc', 'bca', 'cab', 'abc']);
    assert.deepEqual(turnsOf([], 1), []);
  });

  it('has each once in a round, and in as many rounds as there are each once in each place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat({ max: 20 }), (size, first) => {
        const items = Array.from({ length: size }, (_, item) => item);
        const rounds = items.map((round) => turnsOf(items, first + round));
        const all = new Set(items);
        for (const round of rounds) assert.deepEqual([round.length, new Set(round)], [size, all]);
        for (const place of items) assert.deepEqual(new Set(rounds.map((round) => round[place])), all);
      }),
    );
  });
});

describe('series', () => {
  let told: string[];
  beforeEach(() => {
    told = [];
  });

  async function* series(name: string, failsAt = Infinity): AsyncGenerator<void> {
    await using stack = new AsyncDisposableStack();
    stack.defer(async () => void told.push(`-${name}`));
    for (let step = 0; ; step++) {
      if (step === failsAt) throw new Error(`${name} fails`);
      told.push(`${name}${step}`);
      yield;
    }
  }

  it('go on a step at a time, and are disposed of after the last round', async () => {
    await takeTurns([series('a'), series('b')], { count: 3, first: 1 });
    assert.deepEqual(told.slice(0, 6), ['b0', 'a0', 'a1', 'b1', 'b2', 'a2']);
    assert.deepEqual(told.slice(6).toSorted(), ['-a', '-b']);
  });

  it('are all disposed of where one fails, and those that did not begin never do', async () => {
    const all = [series('a'), series('b', 1), series('c')];
    await assert.rejects(takeTurns(all, { count: 3, first: 0 }), /^Error: b fails$/);
    assert.deepEqual(told.slice(0, 4), ['a0', 'b0', 'c0', '-b']);
    assert.deepEqual(told.slice(4).toSorted(), ['-a', '-c']);
    told = [];
    await assert.rejects(takeTurns([series('a', 0), series('b')], { count: 1, first: 0 }), /a fails/);
    assert.deepEqual(told, ['-a']);
  });
});

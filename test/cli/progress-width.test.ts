import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cutToWidth, displayWidth } from '../../src/cli/progress-width.ts';

describe('display width', () => {
  const cases: readonly [string, number][] = [
    ['plain', 5],
    ['\u001B[31mred\u001B[39m', 3],
    ['漢字', 4],
    ['e\u0301', 1],
    ['🚀', 2],
    ['⠋✔↺', 3],
  ];
  for (const [text, width] of cases) {
    it(`of ${JSON.stringify(text)} is ${width}`, () => assert.equal(displayWidth(text), width));
  }

  it('of a cut text never exceeds the room, and short texts stay whole', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '漢', '🚀', 'e\u0301', ' ') });
    fc.assert(
      fc.property(text, fc.nat(30), (whole, columns) => {
        const cut = cutToWidth(whole, columns);
        assert.ok(displayWidth(cut) <= columns);
        if (displayWidth(whole) <= columns) assert.equal(cut, whole);
        else if (columns > 0) assert.ok(cut.endsWith('…') && whole.startsWith(cut.slice(0, -1)));
      }),
    );
  });
});

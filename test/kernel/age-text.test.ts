import assert from 'node:assert/strict';
import { ageText } from '../../src/kernel/amounts.ts';

const NOW = new Date('2026-01-10T12:00:00Z');

describe('ageText', () => {
  for (const [time, text] of [
    ['2026-01-10T11:59:30Z', 'just now'],
    ['2026-01-10T11:58:59Z', '1 min old'],
    ['2026-01-10T10:00:00Z', '2 h old'],
    ['2026-01-07T11:00:00Z', '3 d old'],
    ['2026-01-11T00:00:00Z', 'just now'],
  ] as const) {
    it(`says ${text} of ${time}`, () => assert.equal(ageText(time, NOW), text));
  }
});

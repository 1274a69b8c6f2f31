import assert from 'node:assert/strict';
import { retryAfterMs } from '../../src/kernel/retry-after.ts';

describe('Retry-After', () => {
  for (const [value, expected] of [
    ['7', 7000],
    [' 0 ', 0],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    ['-1', undefined],
    ['1234567', undefined],
    ['', undefined],
  ] as const) {
    it(`${JSON.stringify(value)} is ${expected}`, () => {
      assert.equal(retryAfterMs(new Headers({ 'retry-after': value })), expected);
    });
  }

  it('may be absent', () => assert.equal(retryAfterMs(new Headers()), undefined));
});

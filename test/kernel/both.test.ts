import assert from 'node:assert/strict';
import { both } from '../../src/kernel/both.ts';

describe('both', () => {
  it('gives both results', async () => {
    assert.deepEqual(await both(Promise.resolve(1), Promise.resolve('two')), [1, 'two']);
  });

  it('fails with the first failure once neither goes on', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    let failed: unknown;
    const waiting = both(Promise.reject(new Error('no')), promise).catch((thrown: unknown) => {
      failed = thrown;
    });
    await new Promise(setImmediate);
    assert.equal(failed, undefined);
    resolve('late');
    await waiting;
    assert.match(String(failed), /no/);
  });
});

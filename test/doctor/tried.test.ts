import assert from 'node:assert/strict';
import { once } from 'node:events';
import { tried } from '../../src/doctor/tried.ts';
import { PreheatError } from '../../src/kernel/failure.ts';

const options = { signal: new AbortController().signal, deadlineMs: 30_000 };

describe('what is tried', () => {
  it('gives its answer', async () => {
    assert.deepEqual(await tried('ask', async () => 7, options), { kind: 'done', value: 7 });
  });

  it('gives a failure with all that it tells', async () => {
    const failure = new PreheatError('cannot ask: no', {
      phase: 'build',
      code: 'engine',
      hint: 'Ask again.',
    });
    assert.deepEqual(await tried('ask', () => Promise.reject(failure), options), {
      kind: 'failed',
      message: 'cannot ask: no',
      hint: 'Ask again.',
      code: 'engine',
      phase: 'build',
    });
  });

  it('gives a defect as a failure too, so that it stops no other check', async () => {
    const thrown = tried('ask', () => Promise.reject(new TypeError('odd')), options);
    assert.deepEqual(await thrown, { kind: 'failed', message: 'cannot ask: odd', code: 'failed' });
  });

  it('ends at its deadline', async () => {
    const hang = async ({ signal }: { readonly signal: AbortSignal }): Promise<never> => {
      await once(signal, 'abort');
      throw signal.reason;
    };
    assert.deepEqual(await tried('ask', hang, { ...options, deadlineMs: 5 }), {
      kind: 'failed',
      message: 'cannot ask: no answer within 0.005 s',
      code: 'unreachable',
    });
  });

  it('ends with the run', async () => {
    const stop = new Error('enough');
    const asking = tried('ask', async ({ signal }) => signal.throwIfAborted(), {
      ...options,
      signal: AbortSignal.abort(stop),
    });
    await assert.rejects(asking, stop);
  });
});

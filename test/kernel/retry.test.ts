import assert from 'node:assert/strict';
import { retry, type RetryOptions } from '../../src/kernel/retry.ts';

function setUp(overrides: Partial<RetryOptions> = {}) {
  const waits: number[] = [];
  const options: RetryOptions = {
    policy: { attempts: 4, firstDelayMs: 100, longestDelayMs: 250 },
    clock: {
      now: () => new Date(0),
      sleep: async (milliseconds) => {
        waits.push(milliseconds);
      },
    },
    signal: new AbortController().signal,
    retryable: () => true,
    random: () => 0,
    ...overrides,
  };
  return { waits, options };
}

const failing = (times: number) => {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls <= times) throw new Error(`failure ${calls}`);
    return calls;
  };
};

describe('retry', () => {
  it('returns the first success and doubles its waits up to the longest', async () => {
    const { waits, options } = setUp();
    assert.equal(await retry(failing(3), options), 4);
    assert.deepEqual(waits, [100, 200, 250]);
  });

  it('throws the last failure when the attempts are used up', async () => {
    const { waits, options } = setUp();
    await assert.rejects(retry(failing(9), options), { message: 'failure 4' });
    assert.equal(waits.length, 3);
  });

  it('does not repeat what cannot succeed', async () => {
    const { waits, options } = setUp({ retryable: () => false });
    await assert.rejects(retry(failing(1), options), { message: 'failure 1' });
    assert.deepEqual(waits, []);
  });

  it('waits at least as long as the other side asks', async () => {
    const { waits, options } = setUp({ retryable: () => 5000 });
    await retry(failing(1), options);
    assert.deepEqual(waits, [5000]);
  });

  it('stops when the run is aborted', async () => {
    const { options } = setUp({ signal: AbortSignal.abort() });
    await assert.rejects(retry(failing(1), options), { message: 'failure 1' });
  });

  it('adds at most a quarter of jitter', async () => {
    const { waits, options } = setUp({ random: () => 0.999 });
    await retry(failing(1), options);
    assert.deepEqual(waits, [125]);
  });
});

import assert from 'node:assert/strict';
import { PreheatError } from '../../src/kernel/failure.ts';
import { deliverParts } from '../../src/report/deliver-parts.ts';

describe('the parts of a delivery', () => {
  it('are sent one after the other, and none is held up by the failure of another', async () => {
    const sent: string[] = [];
    const refused = new PreheatError('cannot comment: 403', { phase: 'report' });
    const failures = await deliverParts([
      { action: 'report', send: async () => void sent.push('report') },
      { action: 'comment', send: async () => Promise.reject(refused) },
      { action: 'sing', send: async () => Promise.reject(new TypeError('odd')) },
      { action: 'end', send: async () => void sent.push('end') },
    ]);
    assert.deepEqual(sent, ['report', 'end']);
    assert.equal(failures[0], refused);
    assert.deepEqual(
      failures.map(({ message, phase }) => `${phase}: ${message}`),
      ['report: cannot comment: 403', 'report: cannot sing: odd'],
    );
  });

  it('are given up together when their time is over', async () => {
    const sent: string[] = [];
    const failures = await deliverParts(
      [
        {
          action: 'wait',
          send: async ({ signal }) => {
            const { promise, reject } = Promise.withResolvers<never>();
            signal.addEventListener('abort', () => reject(signal.reason), { once: true });
            return await promise;
          },
        },
        { action: 'follow', send: async () => void sent.push('follow') },
      ],
      30,
    );
    assert.deepEqual(sent, []);
    assert.deepEqual(
      failures.map(({ message }) => message),
      ['cannot wait: no answer within 0.03 s', 'cannot follow: no answer within 0.03 s'],
    );
  });
});

import assert from 'node:assert/strict';
import { systemClock, type Clock } from '../../src/kernel/clock.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import { createLog, type LogEvent } from '../../src/kernel/log.ts';
import { createRedactor } from '../../src/kernel/redact.ts';
import { createDelivery, type DeliveryOptions } from '../../src/report/deliver.ts';
import type { BuildState, BuildStatus, Forge } from '../../src/report/forge.ts';

function status(state: BuildState): BuildStatus {
  return { commit: 'c', key: 'k', state, name: 'n', description: 'd', url: 'https://example.org' };
}

function setUp(setStatus: Forge['setStatus'], more: Partial<DeliveryOptions> = {}) {
  const events: LogEvent[] = [];
  const log = createLog((event) => void events.push(event), {
    clock: systemClock,
    redactor: createRedactor(),
  });
  const delivery = createDelivery({ forge: { setStatus }, log, ...more });
  const messages = (): readonly string[] =>
    events.map((event) => (event.type === 'message' ? `${event.level}: ${event.text}` : event.type));
  return { delivery, messages };
}

/** A forge that answers nothing until it is stopped. */
const silent: Forge['setStatus'] = async (_status, { signal }) => {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  if (signal.aborted) reject(signal.reason);
  return await promise;
};

/** A clock on which any wait is over at once, unless it is stopped first. */
const hastyClock: Clock = { now: () => new Date(0), sleep: async () => {} };

const refused = new PreheatError('cannot report the build status: Bitbucket answered 403', {
  phase: 'report',
  code: 'unauthorized',
  hint: 'Give the token the scope "repository"',
});

describe('delivery', () => {
  it('hands statuses to the forge, in order, and says nothing', async () => {
    const told: BuildState[] = [];
    const { delivery, messages } = setUp(async ({ state }) => {
      if (state === 'INPROGRESS') await new Promise((resolve) => void setImmediate(resolve));
      told.push(state);
      return { replaced: false };
    });
    const results = await Promise.all([
      delivery.send(status('INPROGRESS')),
      delivery.send(status('SUCCESSFUL')),
    ]);
    assert.deepEqual(results, [undefined, undefined]);
    assert.deepEqual(told, ['INPROGRESS', 'SUCCESSFUL']);
    assert.deepEqual(messages(), []);
  });

  it('makes one warning of a failure, with its hint', async () => {
    const { delivery, messages } = setUp(() => Promise.reject(refused));
    assert.equal(await delivery.send(status('FAILED')), undefined);
    assert.deepEqual(messages(), [`warn: ${refused.message}. ${refused.hint}`]);
  });

  it('returns the failure where delivery is strict', async () => {
    const { delivery, messages } = setUp(() => Promise.reject(refused), { strict: true });
    assert.equal(await delivery.send(status('FAILED')), refused);
    assert.deepEqual(messages(), []);
  });

  it('makes a failure of the phase of anything that is thrown', async () => {
    const { delivery } = setUp(() => Promise.reject(new TypeError('odd')), { strict: true });
    const failure = await delivery.send(status('FAILED'));
    assert.equal(failure?.phase, 'report');
    assert.equal(failure?.message, 'cannot report the build status: odd');
  });

  it('gives up when its time is over', async () => {
    const { delivery, messages } = setUp(silent, { deadlineMs: 20 });
    await delivery.send(status('SUCCESSFUL'));
    assert.deepEqual(messages(), ['warn: cannot report the build status: no answer within 0.02 s']);
  });

  for (const receipts of [
    [true, true],
    [false, true],
  ]) {
    it(`knows of an earlier run by the first status alone (${receipts.join()})`, async () => {
      const left = [...receipts];
      const { delivery } = setUp(async () => ({ replaced: left.shift() ?? false }));
      assert.equal(delivery.replacedEarlier(), true, 'it may have been, before any arrived');
      await delivery.send(status('INPROGRESS'));
      await delivery.send(status('SUCCESSFUL'));
      assert.equal(delivery.replacedEarlier(), receipts[0]);
    });
  }

  it('gives an overtaken status up without a word, and never sends it after the next', async () => {
    const told: BuildState[] = [];
    const { delivery, messages } = setUp(
      async (sent, options) => {
        if (sent.state === 'INPROGRESS') await silent(sent, options);
        told.push(sent.state);
        return { replaced: false };
      },
      { clock: hastyClock },
    );
    const first = delivery.send(status('INPROGRESS'));
    await delivery.send(status('STOPPED'));
    await first;
    assert.deepEqual(told, ['STOPPED']);
    assert.deepEqual(messages(), []);
  });
});

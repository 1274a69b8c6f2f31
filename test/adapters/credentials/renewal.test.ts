import assert from 'node:assert/strict';
import { once } from 'node:events';
import fc from 'fast-check';
import { createRenewal } from '../../../src/adapters/credentials/renewal.ts';
import { handClock } from '../../support/hand-clock.ts';
import { runs } from '../../support/runs.ts';

const MINUTE = 60_000;
const { signal } = new AbortController();

/** A renewal whose exchanges give numbered passwords of a certain life, or fail when told to. */
function setUp(lifeMs: number) {
  const clock = handClock();
  const warnings: string[] = [];
  const state = { exchanges: 0, broken: false };
  const take = createRenewal({
    clock,
    warn: (text) => warnings.push(text),
    exchange: async (options) => {
      options.signal.throwIfAborted();
      state.exchanges++;
      if (state.broken) throw new Error(`cannot assume the role: refusal ${state.exchanges}`);
      const expiresAt = clock.now().getTime() + lifeMs;
      return { username: 'AWS', password: `password-${state.exchanges}`, expiresAt };
    },
  });
  return { clock, warnings, state, take: async () => (await take({ signal })).password, raw: take };
}

describe('credentials that expire', () => {
  it('are exchanged once, and again a quarter of an hour before they end', async () => {
    const { clock, state, take } = setUp(60 * MINUTE);
    assert.equal(await take(), 'password-1');
    clock.pass(45 * MINUTE - 1);
    assert.equal(await take(), 'password-1');
    clock.pass(1);
    assert.equal(await take(), 'password-2');
    assert.equal(state.exchanges, 2);
  });

  it('are renewed at half of a short life', async () => {
    const { clock, take } = setUp(10 * MINUTE);
    await take();
    clock.pass(5 * MINUTE - 1);
    assert.equal(await take(), 'password-1');
    clock.pass(1);
    assert.equal(await take(), 'password-2');
  });

  it('tell nothing but user name and password', async () => {
    assert.deepEqual(await setUp(MINUTE).raw({ signal }), { username: 'AWS', password: 'password-1' });
  });

  it('are exchanged once for all that ask at the same time', async () => {
    const { state, take } = setUp(60 * MINUTE);
    const all = await Promise.all(Array.from({ length: 5 }, take));
    assert.deepEqual(new Set(all), new Set(['password-1']));
    assert.equal(state.exchanges, 1);
  });

  it('serve to their end when renewal fails, and one warning says so', async () => {
    const { clock, warnings, state, take } = setUp(60 * MINUTE);
    await take();
    clock.pass(46 * MINUTE);
    state.broken = true;
    assert.equal(await take(), 'password-1');
    clock.pass(MINUTE);
    assert.equal(await take(), 'password-1');
    assert.deepEqual(warnings, [
      'cannot assume the role: refusal 2; until 04:04 UTC the earlier credentials serve',
    ]);
    clock.pass(13 * MINUTE);
    await assert.rejects(take(), /refusal/);
  });

  it('are renewed as soon as that works again, and a later failure is told anew', async () => {
    const { clock, warnings, state, take } = setUp(60 * MINUTE);
    await take();
    clock.pass(46 * MINUTE);
    state.broken = true;
    await take();
    state.broken = false;
    clock.pass(MINUTE);
    assert.equal(await take(), 'password-3');
    clock.pass(46 * MINUTE);
    state.broken = true;
    assert.equal(await take(), 'password-3');
    assert.equal(warnings.length, 2);
  });

  it('are not asked for again within half a minute of a refusal', async () => {
    const { clock, state, take } = setUp(60 * MINUTE);
    state.broken = true;
    await assert.rejects(take(), /refusal 1/);
    clock.pass(29_999);
    await assert.rejects(take(), /refusal 1/);
    state.broken = false;
    clock.pass(1);
    assert.equal(await take(), 'password-2');
  });

  it('are neither remembered as refused nor taken from before when the caller aborts', async () => {
    const { clock, warnings, take, raw } = setUp(60 * MINUTE);
    await take();
    clock.pass(46 * MINUTE);
    await assert.rejects(raw({ signal: AbortSignal.abort(new Error('enough')) }), { message: 'enough' });
    assert.deepEqual(warnings, []);
    assert.equal(await take(), 'password-2');
  });

  it('are exchanged anew at once where the last exchange was only broken off', async () => {
    const clock = handClock();
    const abort = new AbortController();
    const first = Promise.withResolvers<void>();
    let exchanges = 0;
    const take = createRenewal({
      clock,
      warn: assert.fail,
      exchange: async (options) => {
        exchanges++;
        if (exchanges === 1) {
          first.resolve();
          await once(options.signal, 'abort');
          throw options.signal.reason;
        }
        return { username: 'AWS', password: 'password', expiresAt: clock.now().getTime() + MINUTE };
      },
    });
    const given = take({ signal: abort.signal });
    await first.promise;
    abort.abort(new Error('enough'));
    await assert.rejects(given, { message: 'enough' });
    await new Promise(setImmediate);
    assert.equal((await take({ signal })).password, 'password');
  });

  it('are never given out after their end, whatever happens when', async () => {
    const steps = fc.array(
      fc.record({ pass: fc.integer({ min: 0, max: 40 * MINUTE }), broken: fc.boolean() }),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 90 * MINUTE }), steps, async (lifeMs, all) => {
        const { clock, state, take } = setUp(lifeMs);
        const ends = new Map<string, number>();
        for (const { pass, broken } of all) {
          clock.pass(pass);
          state.broken = broken;
          const password = await take().catch(() => undefined);
          if (password === undefined) continue;
          const now = clock.now().getTime();
          if (!ends.has(password)) ends.set(password, now + lifeMs);
          assert.ok(now < (ends.get(password) ?? 0), `${password} after its end`);
        }
      }),
      { numRuns: runs(200) },
    );
  });
});

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTurns } from '../../src/kernel/turns.ts';

const NEVER = { signal: new AbortController().signal };

/** Ends when its signal aborts. */
async function hang({ signal }: { readonly signal: AbortSignal }): Promise<never> {
  await sleep(60_000, undefined, { signal });
  throw new Error('nobody ended it');
}

describe('openTurns', () => {
  it('begins each piece of work when the one before has ended, also where that failed', async () => {
    await using turns = openTurns(NEVER);
    const said: string[] = [];
    const first = turns.take(async () => {
      said.push('first begins');
      await sleep(20);
      said.push('first ends');
      throw new Error('it failed');
    });
    const second = turns.take(async () => said.push('second'));
    await assert.rejects(first, /it failed/);
    assert.equal(await second, 3);
    assert.deepEqual(said, ['first begins', 'first ends', 'second']);
  });

  it('lets work join at once, and waits for that too when it is disposed of', async () => {
    const turns = openTurns(NEVER);
    const said: string[] = [];
    const first = turns.take(hang).catch(() => said.push('the turn ends'));
    const joined = turns.join(async (options) => {
      said.push('it joins');
      await hang(options).catch(() => undefined);
      await sleep(20);
      said.push('it ends');
    });
    assert.deepEqual(said, ['it joins']);
    await turns[Symbol.asyncDispose]();
    assert.deepEqual(said, ['it joins', 'the turn ends', 'it ends']);
    await Promise.all([first, joined]);
    await assert.rejects(
      turns.join(async () => assert.fail('it has begun')),
      { name: 'AbortError' },
    );
  });

  it('gives up what has not ended, waits for it, and begins nothing more', async () => {
    const turns = openTurns(NEVER);
    let hasEnded = false;
    const begun = Promise.withResolvers<void>();
    const slow = turns.take(async (options) => {
      begun.resolve();
      await hang(options).catch(() => undefined);
      await sleep(20);
      hasEnded = true;
      throw new Error('given up');
    });
    const waiting = turns.take(async () => assert.fail('it has begun'));
    const failures = Promise.allSettled([slow, waiting]);
    await begun.promise;
    assert.equal(turns.ended.aborted, false);
    await turns[Symbol.asyncDispose]();
    assert.deepEqual([hasEnded, turns.ended.aborted], [true, true]);
    const [one, other] = await failures;
    assert.ok(one.status === 'rejected' && /given up/.test(String(one.reason)));
    assert.ok(other.status === 'rejected' && /abort/i.test(String(other.reason)));
  });

  it('ends work for the signal that it was opened with, which gives nothing up', async () => {
    const abort = new AbortController();
    await using turns = openTurns(abort);
    const begun = Promise.withResolvers<void>();
    const working = turns.take(async (options) => {
      begun.resolve();
      await hang(options);
    });
    await begun.promise;
    abort.abort(new Error('stop'));
    await assert.rejects(working, { name: 'AbortError' });
    assert.equal(turns.ended.aborted, false);
  });
});

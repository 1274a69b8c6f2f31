import assert from 'node:assert/strict';
import { shareRuns } from '../../src/kernel/share-runs.ts';

const { signal } = new AbortController();

/** Work whose runs a test ends by hand. */
function work() {
  const runs: { readonly signal: AbortSignal; readonly end: PromiseWithResolvers<string> }[] = [];
  const shared = shareRuns(async (options) => {
    const end = Promise.withResolvers<string>();
    runs.push({ signal: options.signal, end });
    return await end.promise;
  });
  return { runs, shared };
}

describe('shared runs', () => {
  it('serve all calls at the same time, and each later one anew', async () => {
    const { runs, shared } = work();
    const calls = [shared({ signal }), shared({ signal }), shared({ signal })];
    runs[0]?.end.resolve('once');
    assert.deepEqual(await Promise.all(calls), ['once', 'once', 'once']);
    const later = shared({ signal });
    runs[1]?.end.resolve('again');
    assert.equal(await later, 'again');
    assert.equal(runs.length, 2);
  });

  it('fail for all that wait, and are not remembered', async () => {
    const { runs, shared } = work();
    const calls = [shared({ signal }), shared({ signal })];
    runs[0]?.end.reject(new Error('broken'));
    for (const call of calls) await assert.rejects(call, { message: 'broken' });
    const later = shared({ signal });
    runs[1]?.end.resolve('fine');
    assert.equal(await later, 'fine');
  });

  it('go on for the others when one call aborts', async () => {
    const { runs, shared } = work();
    const abort = new AbortController();
    const given = shared({ signal: abort.signal });
    const other = shared({ signal });
    abort.abort(new Error('enough'));
    await assert.rejects(given, { message: 'enough' });
    assert.equal(runs[0]?.signal.aborted, false);
    runs[0]?.end.resolve('done');
    assert.equal(await other, 'done');
  });

  it('are aborted when nobody waits any more, and the next call begins anew', async () => {
    const { runs, shared } = work();
    const abort = new AbortController();
    const calls = [shared({ signal: abort.signal }), shared({ signal: abort.signal })];
    abort.abort(new Error('enough'));
    for (const call of calls) await assert.rejects(call, { message: 'enough' });
    assert.equal(runs[0]?.signal.reason, abort.signal.reason);
    const next = shared({ signal });
    // The aborted run ends late, and is nobody's any more.
    runs[0]?.end.reject(new Error('late'));
    runs[1]?.end.resolve('anew');
    assert.equal(await next, 'anew');
  });

  it('do not begin for a call that is aborted already', async () => {
    const { runs, shared } = work();
    await assert.rejects(shared({ signal: AbortSignal.abort(new Error('no')) }), { message: 'no' });
    assert.equal(runs.length, 0);
  });
});

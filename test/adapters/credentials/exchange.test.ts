import assert from 'node:assert/strict';
import { exchange, type ExchangeCall } from '../../../src/adapters/credentials/exchange.ts';
import type { PreheatError } from '../../../src/kernel/failure.ts';
import { createRedactor } from '../../../src/kernel/redact.ts';
import { gatewayPage, rateLimited, type FakeFailure } from '../../fakes/http-failures.ts';
import { startTokenEndpoint, type TokenEndpoint } from '../../fakes/token-endpoint.ts';
import { failureOf, wordsOf } from '../../support/failure-of.ts';
import { handClock } from '../../support/hand-clock.ts';

const SECRET = 'a-token-that-nobody-may-see';

/** An endpoint that answers `body`, and a call to it. */
async function setUp(body = 'granted', status = 200) {
  const endpoint = await startTokenEndpoint(() => ({ status, type: 'text/plain', body }));
  const redactor = createRedactor();
  redactor.add(SECRET);
  const clock = handClock();
  const warnings: string[] = [];
  const abort = new AbortController();
  const tools = { clock, redactor, warn: (text: string) => void warnings.push(text) };
  return {
    endpoint,
    clock,
    warnings,
    abort,
    run: (changes: Partial<ExchangeCall<string>> = {}) =>
      exchange({ ...callTo(endpoint), ...changes }, tools, { signal: abort.signal }),
    [Symbol.asyncDispose]: () => endpoint[Symbol.asyncDispose](),
  };
}

function callTo({ url }: Pick<TokenEndpoint, 'url'>): ExchangeCall<string> {
  return {
    action: 'get a token',
    url,
    headers: { authorization: `Bearer ${SECRET}` },
    body: SECRET,
    read: (text) => (text === 'granted' ? text : undefined),
    explain: (code, text) => ({ why: `it said ${code} ${text}`, hint: 'Ask again.', isPassing: false }),
  };
}

async function refusalOf(work: Promise<unknown>): Promise<PreheatError> {
  const failure = await failureOf(work);
  assert.equal(failure.phase, 'observe');
  assert.doesNotMatch(wordsOf(failure), new RegExp(SECRET));
  return failure;
}

describe('an exchange', () => {
  it('sends one POST and reads the answer', async () => {
    await using world = await setUp();
    assert.equal(await world.run(), 'granted');
    assert.partialDeepStrictEqual(world.endpoint.requests, [
      { method: 'POST', body: SECRET, headers: { authorization: `Bearer ${SECRET}` } },
    ]);
  });

  for (const [name, failure] of [
    ['429', rateLimited()],
    ['a gateway page', gatewayPage(503)],
    ['a connection that breaks', { kind: 'reset' }],
    ['an answer that is cut', { kind: 'answer', status: 200, headers: {}, body: 'gran' }],
  ] satisfies readonly (readonly [string, FakeFailure])[]) {
    it(`is tried again after ${name}, later each time, and each time is told`, async () => {
      await using world = await setUp();
      world.endpoint.failNext(failure, failure, failure);
      assert.equal(await world.run(), 'granted');
      const [first = 0, second = 0, third = 0] = world.clock.sleeps;
      assert.ok(500 <= first && first < second && second < third, world.clock.sleeps.join(' '));
      assert.equal(world.warnings.length, 3);
      assert.match(world.warnings[0] ?? '', /^cannot get a token: .*; attempt 2 in 0\.\d s$/);
      assert.doesNotMatch(world.warnings.join(), new RegExp(SECRET));
    });
  }

  it('waits as long as it is asked to, within reason', async () => {
    await using world = await setUp();
    world.endpoint.failNext(rateLimited(7), rateLimited(3600));
    await world.run();
    assert.deepEqual(world.clock.sleeps, [7_000, 10_000]);
  });

  it('is given up after four attempts', async () => {
    await using world = await setUp();
    world.endpoint.failNext(...Array.from({ length: 9 }, () => gatewayPage(502)));
    assert.equal((await refusalOf(world.run())).code, 'unreachable');
    assert.equal(world.endpoint.requests.length, 4);
  });

  it('is not tried again after a refusal, which is told without secrets', async () => {
    await using world = await setUp(`no ${SECRET} here`, 403);
    const { message, hint, code } = await refusalOf(world.run());
    assert.equal(message, 'cannot get a token: it said 403 no ******** here');
    assert.deepEqual([hint, code], ['Ask again.', 'unauthorized']);
    assert.equal(world.endpoint.requests.length, 1);
  });

  it('is tried again after a refusal that says that it may pass', async () => {
    await using world = await setUp('busy', 400);
    const explain = () => ({ why: 'it is busy', hint: undefined, isPassing: true });
    assert.equal((await refusalOf(world.run({ explain }))).code, 'unreachable');
    assert.equal(world.endpoint.requests.length, 4);
  });

  it('does not show an answer of another form', async () => {
    await using world = await setUp(`${SECRET.slice(0, 8)}-of-another-kind`);
    const { message } = await refusalOf(world.run());
    assert.equal(message, 'cannot get a token: the answer has another form, or was cut');
  });

  it('follows no redirect', async () => {
    await using elsewhere = await setUp();
    await using world = await setUp();
    const headers = { location: elsewhere.endpoint.url };
    world.endpoint.failNext({ kind: 'answer', status: 307, headers, body: '' });
    assert.match((await refusalOf(world.run())).message, /it said 307/);
    assert.equal(elsewhere.endpoint.requests.length, 0);
  });

  it('reads no more than the beginning of an endless page', async () => {
    await using world = await setUp();
    world.endpoint.failNext({ kind: 'endless', status: 403 });
    const explain = (_: number, text: string) => ({
      why: `it said ${text.length} characters`,
      hint: undefined,
      isPassing: false,
    });
    assert.match((await refusalOf(world.run({ explain }))).message, /it said 65536 characters$/);
  });

  it('ends with the reason of its signal while no answer comes', async () => {
    await using world = await setUp();
    world.endpoint.failNext({ kind: 'hang' });
    const running = world.run();
    while (world.endpoint.requests.length === 0) await new Promise(setImmediate);
    world.abort.abort(new Error('enough'));
    await assert.rejects(running, { message: 'enough' });
  });

  it('quotes no header that cannot be sent', async () => {
    await using world = await setUp();
    const { message } = await refusalOf(world.run({ headers: { authorization: `Bearer ${SECRET}\u0100` } }));
    assert.match(message, /^cannot get a token: /);
    assert.equal(world.endpoint.requests.length, 0);
  });

  it('names the host that cannot be reached', async () => {
    const gone = await setUp();
    await gone[Symbol.asyncDispose]();
    const { message, hint, code } = await refusalOf(gone.run());
    assert.match(message, /ECONNREFUSED/);
    assert.equal(hint, `Check that this step reaches ${new URL(gone.endpoint.url).host}.`);
    assert.equal(code, 'unreachable');
  });
});

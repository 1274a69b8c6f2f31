import assert from 'node:assert/strict';
import { createStepProxyForge } from '../../../src/adapters/bitbucket/forge.ts';
import type { PreheatError } from '../../../src/kernel/failure.ts';
import { createRedactor } from '../../../src/kernel/redact.ts';
import type { BuildStatus } from '../../../src/report/forge.ts';
import { describeForge, describeInsightsForge } from '../../contract/forge.ts';
import type { FakeBitbucket } from '../../fakes/bitbucket.ts';
import { gatewayPage, jsonAnswer, rateLimited, type FakeFailure } from '../../fakes/http-failures.ts';
import { failureOf, wordsOf } from '../../support/failure-of.ts';
import { handClock } from '../../support/hand-clock.ts';
import {
  basic,
  COMMIT,
  EMAIL,
  forgeAt,
  OTHER_COMMIT,
  REPOSITORY,
  startFake,
  STATUS,
  TOKEN,
} from './world.ts';

const BASIC = basic(EMAIL, TOKEN);

async function refusalOf(work: Promise<unknown>): Promise<PreheatError> {
  const failure = await failureOf(work);
  assert.equal(failure.phase, 'report');
  assert.match(failure.message, /^cannot report the build status: [^\n]+[^.\n]$/);
  return failure;
}

/** What the contract looks at, of a fake. */
function looksAt(fake: FakeBitbucket) {
  return {
    commit: COMMIT,
    unknownCommit: 'f'.repeat(40),
    reports: () =>
      Object.fromEntries(
        [...fake.reports(REPOSITORY, COMMIT)].map(([id, { report, annotations }]) => [
          id,
          {
            title: report.title,
            result: report.result ?? '',
            data: report.data ?? [],
            annotations: [...annotations.keys()],
          },
        ]),
      ),
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  };
}

describeForge('Bitbucket', async () => {
  const fake = await startFake();
  return {
    ...looksAt(fake),
    forge: forgeAt(fake),
    otherCommit: OTHER_COMMIT,
    statuses: async () => fake.statuses(REPOSITORY, COMMIT) as readonly Omit<BuildStatus, 'commit'>[],
    openPullRequest: (one) => fake.openPullRequest(REPOSITORY, one),
    indexCommits: () => fake.linkCommits(REPOSITORY, 'ready'),
    comments: (id) =>
      fake.comments(REPOSITORY, id).map((one) => ({ id: one.id, text: one.raw, isDeleted: one.deleted })),
    addComment: (id, text) => fake.addComment(REPOSITORY, id, text),
    deleteComment: (id, comment) => fake.deleteComment(REPOSITORY, id, comment),
  };
});

describeInsightsForge('The proxy of a step', async () => {
  const fake = await startFake();
  const forge = createStepProxyForge({
    address: fake.proxyUrl,
    baseUrl: fake.baseUrl,
    bitbucketWorkspace: 'team',
    repositorySlug: 'app',
    redactor: createRedactor(),
    clock: handClock(),
  });
  return { ...looksAt(fake), forge };
});

describe('Bitbucket adapter', () => {
  const signal = new AbortController().signal;

  it('sends requests that the API describes', async function () {
    await using fake = await startFake();
    await forgeAt(fake).setStatus(STATUS, { signal });
    const { commit: _, ...body } = STATUS;
    assert.deepEqual(
      fake.requests.map((request) => [request.method, request.path, request.body]),
      [['POST', `/repositories/team/app/commit/${COMMIT}/statuses/build`, body]],
    );
    assert.equal(fake.validatedRequests, process.env['PREHEAT_CONTRACTS'] ? 1 : 0);
  });

  it('proves who it is by e-mail and API token', async () => {
    await using fake = await startFake();
    const credential = { kind: 'basic', email: EMAIL, token: `${TOKEN}\n` } as const;
    await forgeAt(fake, { credential }).setStatus(STATUS, { signal });
    assert.equal(fake.requests[0]?.headers.authorization, BASIC);
  });

  it('finds a repository by UUIDs in braces, and with a slash behind the base URL', async () => {
    await using fake = await startFake();
    const forge = forgeAt(
      { baseUrl: `${fake.baseUrl}/` },
      { bitbucketWorkspace: '{1f0c}', repositorySlug: '{2e9d}' },
    );
    await forge.setStatus(STATUS, { signal });
    assert.equal(fake.statuses('{1f0c}/{2e9d}', COMMIT).length, 1);
  });

  const passing: readonly [string, FakeFailure][] = [
    ['429', rateLimited()],
    ['a gateway page', gatewayPage(503)],
    ['a connection that breaks', { kind: 'reset' }],
  ];
  for (const [name, failure] of passing) {
    it(`repeats a call after ${name}, and waits longer each time`, async () => {
      await using fake = await startFake();
      fake.failNext(failure, failure, failure);
      const clock = handClock();
      await forgeAt(fake, { clock }).setStatus(STATUS, { signal });
      assert.deepEqual(clock.sleeps, [500, 1000, 2000]);
      assert.equal(fake.requests.length, 4);
      assert.equal(fake.statuses(REPOSITORY, COMMIT).length, 1);
    });
  }

  it('waits as long as it is asked to, within reason', async () => {
    await using fake = await startFake();
    fake.failNext(rateLimited(3), rateLimited(3600));
    const clock = handClock();
    await forgeAt(fake, { clock }).setStatus(STATUS, { signal });
    assert.deepEqual(clock.sleeps, [3000, 10_000]);
  });

  it('gives up after four attempts with what Bitbucket said', async () => {
    await using fake = await startFake();
    fake.failNext(gatewayPage(), gatewayPage(), gatewayPage(), gatewayPage());
    const failure = await refusalOf(forgeAt(fake).setStatus(STATUS, { signal }));
    assert.equal(failure.code, 'unreachable');
    assert.equal(
      failure.message,
      'cannot report the build status: Bitbucket answered 502 Bad Gateway: 502 Bad Gateway',
    );
    assert.equal(fake.requests.length, 4);
  });

  it('tells the last failure when its time is up while it waits', async () => {
    await using fake = await startFake();
    fake.failNext(rateLimited());
    const stop = new AbortController();
    const clock = {
      now: () => new Date(0),
      sleep: async () => {
        stop.abort();
        stop.signal.throwIfAborted();
      },
    };
    const failure = await refusalOf(forgeAt(fake, { clock }).setStatus(STATUS, { signal: stop.signal }));
    assert.match(failure.message, /429 Too Many Requests: Rate limit/);
    assert.match(failure.hint ?? '', /allowance/);
  });

  it('is stopped by its signal while no answer comes', async () => {
    await using fake = await startFake();
    fake.failNext({ kind: 'hang' });
    const stop = new AbortController();
    const pending = forgeAt(fake).setStatus(STATUS, { signal: stop.signal });
    while (fake.requests.length === 0) await new Promise((resolve) => void setImmediate(resolve));
    stop.abort(new Error('the run was interrupted'));
    await assert.rejects(pending, /the run was interrupted/);
  });

  it('names the scope that a token lacks, and does not repeat the call', async () => {
    await using fake = await startFake();
    const credential = { kind: 'bearer', token: 'only-pull-requests' } as const;
    const failure = await refusalOf(forgeAt(fake, { credential }).setStatus(STATUS, { signal }));
    assert.equal(failure.code, 'unauthorized');
    assert.match(
      failure.message,
      /403 Forbidden: Your credentials lack one or more required privilege scopes/,
    );
    assert.equal(
      failure.hint,
      'Give the token the scope "repository" (API token: "read:repository:bitbucket")',
    );
    assert.equal(fake.requests.length, 1);
  });

  it('names the scope for a token that is not known', async () => {
    await using fake = await startFake();
    const credential = { kind: 'bearer', token: 'no-such-token' } as const;
    const failure = await refusalOf(forgeAt(fake, { credential }).setStatus(STATUS, { signal }));
    assert.equal(failure.code, 'unauthorized');
    assert.match(failure.hint ?? '', /^Check that the token .*scope "repository"/);
    assert.equal(fake.requests.length, 1);
  });

  it('understands the other error shape of the API', async () => {
    await using fake = await startFake();
    fake.failNext(
      jsonAnswer(400, { code: 400, message: 'Bulk upload supports a maximum of /100 annotations.' }),
    );
    const failure = await refusalOf(forgeAt(fake).setStatus(STATUS, { signal }));
    assert.match(failure.message, /400 Bad Request: Bulk upload supports a maximum/);
    assert.equal(failure.code, 'failed');
  });

  it('follows no redirect', async () => {
    await using fake = await startFake();
    const headers = { location: `${fake.baseUrl}/elsewhere` };
    fake.failNext({ kind: 'answer', status: 302, headers, body: '' });
    const failure = await refusalOf(forgeAt(fake).setStatus(STATUS, { signal }));
    assert.match(failure.message, /answered 302 Found$/);
    assert.equal(fake.requests.length, 1);
  });

  it('reads no more than the beginning of an endless error page', async () => {
    await using fake = await startFake();
    fake.failNext({ kind: 'endless', status: 418 });
    const failure = await refusalOf(forgeAt(fake).setStatus(STATUS, { signal }));
    assert.match(failure.message, /still going/);
    assert.ok(failure.message.length < 400);
  });

  it('says that nobody listens', async () => {
    const baseUrl = await (async () => {
      await using fake = await startFake();
      return fake.baseUrl;
    })();
    const failure = await refusalOf(forgeAt({ baseUrl }).setStatus(STATUS, { signal }));
    assert.equal(failure.code, 'unreachable');
    assert.match(failure.message, /ECONNREFUSED/);
  });

  for (const part of ['', '.', '..']) {
    it(`sends nothing for a repository named ${JSON.stringify(part)}`, async () => {
      await using fake = await startFake();
      const failure = await refusalOf(forgeAt(fake, { repositorySlug: part }).setStatus(STATUS, { signal }));
      assert.match(failure.message, /no part of a repository's address/);
      assert.deepEqual(fake.requests, []);
    });
  }

  it('keeps the credential out of every message', async () => {
    await using fake = await startFake();
    const credential = { kind: 'basic', email: EMAIL, token: TOKEN } as const;
    const echo = { type: 'error', error: { message: `bad header ${BASIC}`, detail: `token ${TOKEN}` } };
    fake.failNext(jsonAnswer(403, echo));
    const redactor = createRedactor();
    const failure = await refusalOf(forgeAt(fake, { credential, redactor }).setStatus(STATUS, { signal }));
    for (const secret of [TOKEN, BASIC.slice('Basic '.length)]) {
      assert.ok(!wordsOf(failure).includes(secret));
      assert.ok(!redactor.redact(`curl said ${secret}`).includes(secret));
    }
    const broken = { kind: 'bearer', token: `${TOKEN}\nsecond-line` } as const;
    const refused = await refusalOf(forgeAt(fake, { credential: broken }).setStatus(STATUS, { signal }));
    assert.match(refused.message, /characters that no token has/);
  });
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import { createStepProxyForge } from '../../../src/adapters/bitbucket/forge.ts';
import { createRedactor } from '../../../src/kernel/redact.ts';
import type { InsightsForge } from '../../../src/report/forge.ts';
import type { InsightsReport } from '../../../src/report/insights-report.ts';
import { gatewayPage, rateLimited } from '../../fakes/http-failures.ts';
import { serveEngine } from '../../support/engine-server.ts';
import { failureOf } from '../../support/failure-of.ts';
import { handClock, type HandClock } from '../../support/hand-clock.ts';
import { COMMIT, startFake } from './world.ts';

const REPORT: InsightsReport = {
  commit: COMMIT,
  id: 'preheat-1',
  title: 'Wörkspace image',
  details: 'Warm',
  reporter: 'preheat',
  link: 'https://bitbucket.org/team/app/pipelines/results/7',
  result: 'PASSED',
  data: [],
  annotations: [
    {
      external_id: 'preheat-a',
      annotation_type: 'BUG',
      line: 1,
      severity: 'HIGH',
      summary: 'It is wrong',
      details: '',
    },
  ],
};

function forgeThrough(address: string, changes: { baseUrl?: string; clock?: HandClock } = {}): InsightsForge {
  return createStepProxyForge({
    address,
    bitbucketWorkspace: 'team',
    repositorySlug: 'app',
    redactor: createRedactor(),
    clock: handClock(),
    random: () => 0,
    ...changes,
  });
}

describe('reports through the proxy of a step', () => {
  const { signal } = new AbortController();

  it('are asked for in absolute form over plain HTTP, and no token is sent', async () => {
    await using fake = await startFake();
    // Bitbucket's own address: the proxy is the one who resolves it.
    await forgeThrough(fake.proxyUrl).putReport(REPORT, { signal, purge: true });
    const at = `/repositories/team/app/commit/${COMMIT}/reports/preheat-1`;
    assert.deepEqual(
      fake.requests.map(({ method, path, isProxied, headers }) => [
        method,
        path,
        isProxied,
        headers.host,
        headers.authorization,
        'proxy-authorization' in headers || 'cookie' in headers,
      ]),
      [
        ['DELETE', at, true, 'api.bitbucket.org', undefined, false],
        ['PUT', at, true, 'api.bitbucket.org', undefined, false],
        ['POST', `${at}/annotations`, true, 'api.bitbucket.org', undefined, false],
      ],
    );
    assert.equal(fake.validatedRequests, process.env['PREHEAT_CONTRACTS'] ? 3 : 0);
  });

  it('come with their length in bytes, as the API wants it', async () => {
    await using proxy = await serveEngine((_, response) => response.writeHead(200).end('{}'));
    await forgeThrough(proxy.host.replace('tcp', 'http')).putReport(REPORT, { signal, purge: false });
    const { commit: _, id: __, annotations: ___, ...told } = REPORT;
    const { method, url, headers } = proxy.seen[0] ?? {};
    assert.deepEqual(
      [method, url, headers?.['content-length'], headers?.['transfer-encoding']],
      [
        'PUT',
        `http://api.bitbucket.org/2.0/repositories/team/app/commit/${COMMIT}/reports/preheat-1`,
        String(Buffer.byteLength(JSON.stringify({ ...told, report_type: 'TEST' }))),
        undefined,
      ],
    );
  });

  it('are repeated like any other call', async () => {
    await using fake = await startFake();
    fake.failNext(rateLimited(3), gatewayPage(), { kind: 'reset' });
    const clock = handClock();
    await forgeThrough(fake.proxyUrl, { clock }).putReport(REPORT, { signal, purge: false });
    assert.deepEqual(clock.sleeps, [3000, 1000, 2000]);
  });

  it('say that the proxy is good for reports only, where it refuses', async () => {
    await using proxy = await serveEngine((_, response) => response.writeHead(401).end('Unauthorized'));
    const address = proxy.host.replace('tcp', 'http');
    const failure = await failureOf(forgeThrough(address).putReport(REPORT, { signal, purge: false }));
    assert.equal(
      failure.message,
      `cannot put the report on the commit: ${address} answered 401 Unauthorized: Unauthorized`,
    );
    assert.equal(failure.code, 'unauthorized');
    assert.match(failure.hint ?? '', /BITBUCKET_ACCESS_TOKEN/);
  });

  it('read no more than the beginning of an endless answer', async () => {
    await using fake = await startFake();
    fake.failNext({ kind: 'endless', status: 418 });
    const failure = await failureOf(forgeThrough(fake.proxyUrl).putReport(REPORT, { signal, purge: false }));
    assert.match(failure.message, /answered 418 .*still going/);
    assert.ok(failure.message.length < 400);
  });

  it('survive a proxy that breaks off in the middle of an answer', async () => {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(502, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    try {
      const failure = await failureOf(
        forgeThrough(`http://127.0.0.1:${address.port}`).putReport(REPORT, { signal, purge: false }),
      );
      assert.match(failure.message, /answered 502 Bad Gateway/);
    } finally {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    }
  });

  it('are stopped by their signal while no answer comes', async () => {
    await using fake = await startFake();
    fake.failNext({ kind: 'hang' });
    const stop = new AbortController();
    const pending = forgeThrough(fake.proxyUrl).putReport(REPORT, { signal: stop.signal, purge: false });
    while (fake.requests.length === 0) await new Promise((resolve) => void setImmediate(resolve));
    stop.abort(new Error('the run was interrupted'));
    await assert.rejects(pending, /the run was interrupted/);
  });
});

describe('the proxy of a step, as the fake has it', () => {
  it('takes nothing but reports, and remembers a token that it was sent', async () => {
    const fake = await startFake();
    const { port } = new URL(fake.proxyUrl);
    const ask = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
      const url = `http://api.bitbucket.org/2.0/repositories/team/app/${path}`;
      const call = request({ hostname: '127.0.0.1', port, path: url, headers, agent: false }).end();
      const [answer] = (await once(call, 'response')) as [IncomingMessage];
      answer.resume();
      return answer.statusCode;
    };
    assert.equal(await ask(`commit/${COMMIT}/reports`), 200);
    assert.equal(await ask(`commit/${COMMIT}/statuses`), 401);
    assert.equal(await ask('pullrequests'), 401);
    assert.deepEqual(fake.violations, []);
    await ask(`commit/${COMMIT}/reports`, { authorization: 'Bearer t' });
    assert.deepEqual(fake.violations, ['a credential was sent to the proxy of the step']);
    await assert.rejects(async () => fake[Symbol.asyncDispose](), { name: 'AssertionError' });
  });
});

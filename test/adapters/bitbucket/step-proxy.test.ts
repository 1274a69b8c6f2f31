import assert from 'node:assert/strict';
import { createStepProxyExaminer } from '../../../src/adapters/bitbucket/step-proxy.ts';
import { createRedactor } from '../../../src/kernel/redact.ts';
import { startFakeBitbucket } from '../../fakes/bitbucket.ts';
import { patience } from '../../support/engine.ts';
import { serveEngine } from '../../support/engine-server.ts';
import { startStepProxy } from '../../support/step-proxy.ts';

const COMMIT = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';
const COMMON = { bitbucketWorkspace: 'team', repositorySlug: 'app', redactor: createRedactor() };

describe('the examiner of the proxy of a step', () => {
  it('asks in absolute form over plain HTTP, without a token of its own', async () => {
    await using fake = await startFakeBitbucket({
      repositories: { 'team/app': [COMMIT] },
      tokens: [{ authorization: 'Bearer step', scopes: ['repository'] }],
    });
    const { host } = new URL(fake.baseUrl);
    await using proxy = await startStepProxy({
      upstreams: { [host]: { host, authorization: 'Bearer step' } },
    });
    const examiner = createStepProxyExaminer({
      ...COMMON,
      address: proxy.url,
      baseUrl: fake.baseUrl,
    });
    await examiner.readReports(COMMIT, patience());
    const url = `${fake.baseUrl}/repositories/team/app/commit/${COMMIT}/reports`;
    assert.deepEqual(proxy.requests, [{ method: 'GET', url }]);
  });

  it('never asks for https, which would be a tunnel', async () => {
    await using proxy = await serveEngine((_, response) => response.writeHead(200).end('{}'));
    const address = proxy.host.replace('tcp', 'http');
    await createStepProxyExaminer({ ...COMMON, address }).readReports(COMMIT, patience());
    const [request] = proxy.seen;
    assert.equal(request?.url, `http://api.bitbucket.org/2.0/repositories/team/app/commit/${COMMIT}/reports`);
    assert.equal(request.headers.host, 'api.bitbucket.org');
  });

  it('says what it was answered', async () => {
    await using proxy = await serveEngine((_, response) => response.writeHead(403).end());
    const address = proxy.host.replace('tcp', 'http');
    await assert.rejects(createStepProxyExaminer({ ...COMMON, address }).readReports(COMMIT, patience()), {
      message: `cannot read reports through the proxy of the step: ${address} answered 403 Forbidden`,
      phase: 'report',
    });
  });

  it('says that nothing listens, and gives up on what hangs', async () => {
    const absent = createStepProxyExaminer({ ...COMMON, address: 'http://127.0.0.1:9' });
    await assert.rejects(absent.readReports(COMMIT, patience()), { code: 'unreachable' });
    await using hung = await serveEngine(() => undefined);
    const address = hung.host.replace('tcp', 'http');
    const signal = AbortSignal.timeout(50);
    await assert.rejects(createStepProxyExaminer({ ...COMMON, address }).readReports(COMMIT, { signal }), {
      name: 'TimeoutError',
    });
  });
});

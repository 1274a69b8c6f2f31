import assert from 'node:assert/strict';
import type { InsightsReport } from '../../../src/report/insights-report.ts';
import { gatewayPage, jsonAnswer } from '../../fakes/http-failures.ts';
import { failureOf } from '../../support/failure-of.ts';
import { askedOf, COMMIT, EMAIL, forgeAt, REPOSITORY, startFake, TOKEN } from './world.ts';

const REPORT: InsightsReport = {
  commit: COMMIT,
  id: 'preheat-0123456789ab',
  title: 'Workspace image',
  details: 'Warm',
  reporter: 'preheat',
  link: 'https://bitbucket.org/team/app/pipelines/results/7',
  result: 'PASSED',
  data: [{ title: 'Layers', type: 'NUMBER', value: 7 }],
  annotations: Array.from({ length: 201 }, (_, index) => ({
    external_id: `preheat-${index}`,
    annotation_type: 'CODE_SMELL',
    line: 1,
    severity: 'LOW',
    summary: 'Hm',
    details: '',
  })),
};
const AT = `commit/${COMMIT}/reports/${REPORT.id}`;

describe('Bitbucket reports', () => {
  const signal = new AbortController().signal;

  it('cost a request, one for each hundred annotations, and one for purging', async () => {
    await using fake = await startFake();
    const forge = forgeAt(fake);
    await forge.putReport({ ...REPORT, annotations: [] }, { signal, purge: false });
    assert.deepEqual(askedOf(fake), [`PUT ${AT}`]);
    await forge.putReport(REPORT, { signal, purge: true });
    assert.deepEqual(askedOf(fake, 1), [
      `DELETE ${AT}`,
      `PUT ${AT}`,
      ...Array.from({ length: 3 }, () => `POST ${AT}/annotations`),
    ]);
    const sizes = fake.requests.slice(3).map(({ body }) => (Array.isArray(body) ? body.length : 0));
    assert.deepEqual(sizes, [100, 100, 1]);
    const { commit: _, id: __, annotations: ___, ...told } = REPORT;
    assert.deepEqual(fake.requests[2]?.body, { ...told, report_type: 'TEST' });
    assert.equal(fake.validatedRequests, process.env['PREHEAT_CONTRACTS'] ? 6 : 0);
  });

  it('may be sent again where an answer was lost', async () => {
    await using fake = await startFake();
    for (const method of ['DELETE', 'PUT', 'POST']) fake.loseNextAnswer(method);
    await forgeAt(fake).putReport(REPORT, { signal, purge: true });
    const [kept] = fake.reports(REPOSITORY, COMMIT).values();
    assert.equal(kept?.annotations.size, 201);
    assert.equal(fake.requests.length, 8);
  });

  it('are refused with what Code Insights say in their own shape', async () => {
    await using fake = await startFake();
    const data = Array.from({ length: 11 }, () => ({ title: 't', type: 'TEXT', value: 'v' }) as const);
    const failure = await failureOf(forgeAt(fake).putReport({ ...REPORT, data }, { signal, purge: false }));
    // The description knows that limit too.
    fake.violations.length = 0;
    assert.match(
      failure.message,
      /^cannot put the report on the commit: Bitbucket answered 400 Bad Request: .*10/,
    );
  });

  it('name the scopes that an API token may need for them', async () => {
    await using fake = await startFake();
    const credential = { kind: 'basic', email: EMAIL, token: TOKEN } as const;
    fake.failNext(jsonAnswer(403, { type: 'error', error: { message: 'Forbidden' } }));
    const failure = await failureOf(
      forgeAt(fake, { credential }).putReport(REPORT, { signal, purge: false }),
    );
    assert.equal(
      failure.hint,
      'Give the token the scope "repository" (API token: "read:repository:bitbucket", and "write:pipeline:bitbucket" where that is not enough)',
    );
  });

  it('are given up after a gateway page that does not go away, as what they were for', async () => {
    await using fake = await startFake();
    fake.failNext(gatewayPage(503), gatewayPage(503), gatewayPage(503), gatewayPage(503));
    const failure = await failureOf(forgeAt(fake).putReport(REPORT, { signal, purge: true }));
    assert.match(failure.message, /^cannot remove the earlier report: Bitbucket answered 503 /);
    assert.equal(fake.requests.length, 4);
  });
});

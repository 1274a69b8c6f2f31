import assert from 'node:assert/strict';
import { createRequestBudget } from '../../../src/adapters/bitbucket/request-budget.ts';
import type { InsightsReport } from '../../../src/report/insights-report.ts';
import { gatewayPage, rateLimited } from '../../fakes/http-failures.ts';
import { failureOf } from '../../support/failure-of.ts';
import { COMMIT, forgeAt, REPOSITORY, startFake, STATUS } from './world.ts';

const REPORT: InsightsReport = {
  commit: COMMIT,
  id: 'preheat-1',
  title: 'Workspace image',
  details: 'Warm',
  reporter: 'preheat',
  link: 'https://bitbucket.org/team/app',
  result: 'PASSED',
  data: [],
  annotations: [],
};

describe('the request budget of a run', () => {
  const { signal } = new AbortController();

  it('leaves out what is optional, and keeps a request for the final status', async () => {
    await using fake = await startFake();
    const budget = createRequestBudget();
    const forge = forgeAt(fake, { budget });
    await forge.setStatus({ ...STATUS, state: 'INPROGRESS' }, { signal });
    for (let count = 0; count < 6; count++) await forge.putReport(REPORT, { signal, purge: false });
    const failure = await failureOf(forge.putReport(REPORT, { signal, purge: false }));
    assert.equal(failure.phase, 'report');
    assert.equal(
      failure.message,
      'cannot put the report on the commit: a run asks Bitbucket for no more than 8 things',
    );
    await forge.setStatus(STATUS, { signal });
    assert.equal(budget.calls, 8);
    assert.equal(fake.requests.length, 8);
    assert.equal(fake.statuses(REPOSITORY, COMMIT)[0]?.state, 'SUCCESSFUL');
  });

  it('gives the kept request away once the final status was sent', async () => {
    await using fake = await startFake();
    const forge = forgeAt(fake, { budget: createRequestBudget(3) });
    await forge.setStatus(STATUS, { signal });
    await forge.putReport(REPORT, { signal, purge: true });
    await failureOf(forge.putReport(REPORT, { signal, purge: false }));
    assert.equal(fake.requests.length, 3);
  });

  it('counts a call that is repeated once', async () => {
    await using fake = await startFake();
    const budget = createRequestBudget();
    fake.failNext(gatewayPage(), gatewayPage(), gatewayPage());
    await forgeAt(fake, { budget }).putReport(REPORT, { signal, purge: false });
    assert.equal(budget.calls, 1);
    assert.equal(fake.requests.length, 4);
  });

  it('ends for what is optional when Bitbucket says that the hour is used up', async () => {
    await using fake = await startFake(1);
    const forge = forgeAt(fake, { budget: createRequestBudget() });
    await forge.setStatus({ ...STATUS, state: 'INPROGRESS' }, { signal });
    const limited = await failureOf(forge.putReport(REPORT, { signal, purge: false }));
    assert.match(limited.message, /429 Too Many Requests: Rate limit/);
    assert.equal(fake.requests.length, 5);
    const leftOut = await failureOf(forge.findPullRequests(COMMIT, 'main', { signal }));
    assert.match(leftOut.message, /^cannot find the pull requests .* used up$/);
    assert.equal(fake.requests.length, 5);
    const last = await failureOf(forge.setStatus(STATUS, { signal }));
    assert.match(last.message, /429/);
    assert.equal(fake.requests.length, 9);
  });

  it('goes on after a 429 that passed', async () => {
    await using fake = await startFake();
    const forge = forgeAt(fake, { budget: createRequestBudget() });
    fake.failNext(rateLimited());
    await forge.putReport(REPORT, { signal, purge: false });
    await forge.putReport(REPORT, { signal, purge: false });
    assert.equal(fake.requests.length, 3);
  });
});

import assert from 'node:assert/strict';
import { createRightsExaminer } from '../../../src/adapters/bitbucket/examine-rights.ts';
import type { BitbucketCredential } from '../../../src/adapters/bitbucket/credential.ts';
import type { ForgeExaminer } from '../../../src/doctor/forge-examiner.ts';
import { createRedactor } from '../../../src/kernel/redact.ts';
import { startFakeBitbucket, type FakeBitbucket } from '../../fakes/bitbucket.ts';
import { patience } from '../../support/engine.ts';

const COMMIT = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';
const EMAIL = 'dev@example.org';
const basic = (token: string): string => `Basic ${Buffer.from(`${EMAIL}:${token}`).toString('base64')}`;

async function startFake(): Promise<FakeBitbucket> {
  return await startFakeBitbucket({
    repositories: { 'team/app': [COMMIT] },
    tokens: [
      { authorization: 'Bearer whole-token', scopes: ['repository', 'pullrequest'] },
      { authorization: 'Bearer repository-token', scopes: ['repository'] },
      { authorization: basic('pull-token'), scopes: ['read:pullrequest:bitbucket'] },
    ],
  });
}

function examinerOf({ baseUrl }: FakeBitbucket, credential: BitbucketCredential): ForgeExaminer {
  const repository = { bitbucketWorkspace: 'team', repositorySlug: 'app' };
  return createRightsExaminer({ ...repository, baseUrl, credential, redactor: createRedactor() });
}

const read = {
  statuses: (examiner: ForgeExaminer) => examiner.readStatuses(COMMIT, patience()),
  'pull requests': (examiner: ForgeExaminer) => examiner.readPullRequests(patience()),
};

describe('the examiner of the rights of a token', () => {
  it('changes nothing, by requests that the API describes', async () => {
    await using fake = await startFake();
    const examiner = examinerOf(fake, { kind: 'bearer', token: 'whole-token' });
    await read.statuses(examiner);
    await read['pull requests'](examiner);
    assert.deepEqual(
      fake.requests.map(({ method, path }) => `${method} ${path}`),
      [`GET /repositories/team/app/commit/${COMMIT}/statuses`, 'GET /repositories/team/app/pullrequests'],
    );
    assert.equal(fake.validatedRequests, process.env['PREHEAT_CONTRACTS'] ? 2 : 0);
  });

  const refusals: readonly [keyof typeof read, BitbucketCredential, RegExp, RegExp][] = [
    [
      'pull requests',
      { kind: 'bearer', token: 'repository-token' },
      /^cannot read the pull requests: Bitbucket answered 403/,
      /^Give the token the scope "pullrequest" \(API token: "read:pullrequest:bitbucket"\)/,
    ],
    [
      'statuses',
      { kind: 'basic', email: EMAIL, token: 'pull-token' },
      /^cannot read the build statuses: Bitbucket answered 403/,
      /^Give the token the scope "repository" \(API token: "read:repository:bitbucket"\)/,
    ],
    [
      'statuses',
      { kind: 'bearer', token: 'another-token' },
      /^cannot read the build statuses: Bitbucket answered 401/,
      /expired; it needs the scope "repository"/,
    ],
  ];
  for (const [what, credential, message, hint] of refusals) {
    it(`names the scope that a ${credential.kind} token needs for ${what}: ${String(message)}`, async () => {
      await using fake = await startFake();
      const examiner = examinerOf(fake, credential);
      await assert.rejects(read[what](examiner), { name: 'PreheatError', phase: 'report', message, hint });
    });
  }

  it('lets an API token with its own scope pass', async () => {
    await using fake = await startFake();
    await read['pull requests'](examinerOf(fake, { kind: 'basic', email: EMAIL, token: 'pull-token' }));
  });
});

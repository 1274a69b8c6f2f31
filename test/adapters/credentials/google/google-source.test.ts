import assert from 'node:assert/strict';
import { googlePlaceOf } from '../../../../src/adapters/credentials/google/google-place.ts';
import {
  createGoogleSource,
  type GoogleOptions,
} from '../../../../src/adapters/credentials/google/google-source.ts';
import type { PreheatError } from '../../../../src/kernel/failure.ts';
import { createRedactor } from '../../../../src/kernel/redact.ts';
import { jsonAnswer } from '../../../fakes/http-failures.ts';
import { startFakeGoogle } from '../../../fakes/google.ts';
import { failureOf, wordsOf } from '../../../support/failure-of.ts';
import { handClock } from '../../../support/hand-clock.ts';

const PROVIDER =
  '//iam.googleapis.com/projects/123456/locations/global/workloadIdentityPools/bitbucket/providers/pipelines';
const ACCOUNT = 'preheat@example.iam.gserviceaccount.com';
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln';
const PASSWORD = 'ya29.the-access-token-in-the-end';
const HOST = 'europe-docker.pkg.dev';
const HOUR = 3_600_000;
const { signal } = new AbortController();

async function setUp(account: string | undefined, changes: Partial<GoogleOptions> = {}) {
  const clock = handClock();
  const google = await startFakeGoogle({
    provider: PROVIDER,
    tokens: [TOKEN],
    password: PASSWORD,
    now: clock.now,
    ...(account === undefined ? {} : { account }),
  });
  const redactor = createRedactor();
  const warnings: string[] = [];
  const source = createGoogleSource(
    {
      provider: PROVIDER,
      account,
      stepToken: TOKEN,
      endpoints: { sts: google.sts.url, iamCredentials: google.iamCredentials.url },
      placeOf: googlePlaceOf,
      ...changes,
    },
    { clock, redactor, warn: (text) => void warnings.push(text) },
  );
  return {
    google,
    clock,
    redactor,
    warnings,
    ask: (registry = HOST) => source.credentialsFor(registry, { signal }),
    [Symbol.asyncDispose]: () => google[Symbol.asyncDispose](),
  };
}

async function refusalOf(work: Promise<unknown>): Promise<PreheatError> {
  const failure = await failureOf(work);
  assert.match(failure.message, /^cannot [^\n]+[^.\n]$/);
  assert.ok(!wordsOf(failure).includes(TOKEN));
  return failure;
}

describe('credentials for Google Artifact Registry', () => {
  it('are an access token of the pool’s identity', async () => {
    await using world = await setUp(undefined);
    assert.deepEqual(await world.ask(), { username: 'oauth2accesstoken', password: PASSWORD });
    assert.equal(world.google.iamCredentials.requests.length, 0);
  });

  it('are an access token of the service account where one is named', async () => {
    await using world = await setUp(ACCOUNT);
    assert.deepEqual(await world.ask(), { username: 'oauth2accesstoken', password: PASSWORD });
    const federated = world.google.iamCredentials.requests[0]?.headers.authorization?.slice(7) ?? '';
    for (const secret of [TOKEN, PASSWORD, federated])
      assert.equal(world.redactor.redact(secret), '********', secret);
  });

  for (const account of [undefined, ACCOUNT]) {
    it(`are renewed before the hour is over, for all registries at once (${account ?? 'the pool'})`, async () => {
      await using world = await setUp(account);
      await world.ask();
      world.clock.pass(0.75 * HOUR - 1);
      await world.ask('gcr.io');
      assert.equal(world.google.sts.requests.length, 1);
      world.clock.pass(1);
      await world.ask();
      assert.equal(world.google.sts.requests.length, 2);
    });
  }

  it('are none for other registries', async () => {
    await using world = await setUp(undefined);
    assert.equal(await world.ask('docker.io'), undefined);
    assert.equal(world.google.sts.requests.length, 0);
  });

  it('need the step’s token', async () => {
    await using world = await setUp(undefined, { stepToken: undefined });
    const { message, hint } = await refusalOf(world.ask());
    assert.match(message, /: the step has no BITBUCKET_STEP_OIDC_TOKEN$/);
    assert.match(hint ?? '', /oidc: true.*GCP_WORKLOAD_IDENTITY_PROVIDER/);
  });

  it('are refused to a step that the attribute condition does not accept', async () => {
    await using world = await setUp(undefined, { stepToken: 'eyJ.of-another.repository' });
    const { message, hint, code } = await refusalOf(world.ask());
    assert.match(message, /Google’s STS answered 400 unauthorized_client: The given credential is rejected/);
    assert.match(hint ?? '', /^Let the provider’s attribute condition accept .*assertion\.repositoryUuid ==/);
    assert.equal(code, 'unauthorized');
    assert.equal(world.google.sts.requests.length, 1);
  });

  it('are refused by a provider that is not there', async () => {
    await using world = await setUp(undefined, { provider: PROVIDER.replace('bitbucket', 'another') });
    assert.match((await refusalOf(world.ask())).hint ?? '', /^Check GCP_WORKLOAD_IDENTITY_PROVIDER/);
  });

  for (const [description, hint] of [
    [
      'The audience in ID Token [x] does not match the expected audience.',
      /^Add the audience .* allowed audiences/,
    ],
    ['ID Token issued at 1 is stale to sign-in.', /^Run the step again/],
    ['The issuer in ID Token x does not match the expected one.', /^Set the provider’s issuer/],
    ['The mapped attribute google.subject must be of type STRING', /^Map google\.subject/],
    ['Something else', undefined],
  ] as const) {
    it(`say what to change: ${description}`, async () => {
      await using world = await setUp(undefined);
      world.google.sts.failNext(jsonAnswer(400, { error: 'invalid_grant', error_description: description }));
      const failure = await refusalOf(world.ask());
      if (hint === undefined) assert.equal(failure.hint, undefined);
      else assert.match(failure.hint ?? '', hint);
    });
  }

  it('name the right that is lacking to act as an account', async () => {
    await using world = await setUp(ACCOUNT, { account: 'other@example.iam.gserviceaccount.com' });
    const { message, hint } = await refusalOf(world.ask());
    assert.match(
      message,
      /^cannot act as other@.*: IAM Credentials answered 403 PERMISSION_DENIED: Permission/,
    );
    assert.match(hint ?? '', /^Grant .* roles\/iam\.workloadIdentityUser on other@/);
  });

  it('name the API that is not enabled', async () => {
    await using world = await setUp(ACCOUNT);
    const message =
      'IAM Service Account Credentials API has not been used in project 123456 before or it is disabled.';
    world.google.iamCredentials.failNext(
      jsonAnswer(403, { error: { code: 403, message, status: 'PERMISSION_DENIED' } }),
    );
    assert.match((await refusalOf(world.ask())).hint ?? '', /^Enable the API iamcredentials/);
  });

  it('are asked for again where an answer is of another form', async () => {
    await using world = await setUp(ACCOUNT);
    world.google.sts.failNext(jsonAnswer(200, { access_token: '', expires_in: 3600 }));
    world.google.iamCredentials.failNext(jsonAnswer(200, { accessToken: 'x', expireTime: 'tomorrow' }));
    assert.deepEqual(await world.ask(), { username: 'oauth2accesstoken', password: PASSWORD });
  });
});

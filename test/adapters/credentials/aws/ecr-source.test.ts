import assert from 'node:assert/strict';
import { ecrPlaceOf, type AwsEndpoints } from '../../../../src/adapters/credentials/aws/ecr-place.ts';
import { createEcrSource, type EcrOptions } from '../../../../src/adapters/credentials/aws/ecr-source.ts';
import type { PreheatError } from '../../../../src/kernel/failure.ts';
import { createRedactor } from '../../../../src/kernel/redact.ts';
import { ecrError, startFakeAws, stsError } from '../../../fakes/aws.ts';
import { gatewayPage, type FakeFailure } from '../../../fakes/http-failures.ts';
import type { EndpointAnswer } from '../../../fakes/token-endpoint.ts';
import { failureOf, wordsOf } from '../../../support/failure-of.ts';
import { handClock } from '../../../support/hand-clock.ts';

const ROLE = 'arn:aws:iam::123456789012:role/team/preheat';
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln';
const PASSWORD = 'a-password-of-the-registry';
const HOST = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
const OTHER = '210987654321.dkr-ecr.eu-central-1.on.aws';
const HOUR = 3_600_000;
const { signal } = new AbortController();

/** A source, and the AWS that it asks; `elsewhere` has the endpoints of other regions. */
async function setUp(
  changes: Partial<EcrOptions> = {},
  elsewhere: Readonly<Record<string, AwsEndpoints>> = {},
) {
  const clock = handClock();
  const tokens = new Map([[TOKEN, new Date(clock.now().getTime() + HOUR)]]);
  const aws = await startFakeAws({
    roleArn: ROLE,
    tokens,
    region: 'eu-central-1',
    password: PASSWORD,
    now: clock.now,
  });
  const endpoints = { sts: aws.sts.url, ecr: aws.ecr.url };
  const redactor = createRedactor();
  const warnings: string[] = [];
  const source = createEcrSource(
    {
      roleArn: ROLE,
      sessionName: 'preheat-app-7',
      stepToken: `${TOKEN}\n`,
      placeOf: (registry) => ecrPlaceOf(registry, elsewhere[ecrPlaceOf(registry)?.region ?? ''] ?? endpoints),
      ...changes,
    },
    { clock, redactor, warn: (text) => void warnings.push(text) },
  );
  return {
    aws,
    clock,
    redactor,
    warnings,
    ask: (registry = HOST) => source.credentialsFor(registry, { signal }),
    [Symbol.asyncDispose]: () => aws[Symbol.asyncDispose](),
  };
}

function failing({ status, type, body }: EndpointAnswer): FakeFailure {
  return { kind: 'answer', status, headers: { 'content-type': type }, body };
}

async function refusalOf(work: Promise<unknown>): Promise<PreheatError> {
  const failure = await failureOf(work);
  assert.match(failure.message, /^cannot [^\n]+[^.\n]$/);
  assert.ok(!wordsOf(failure).includes(TOKEN));
  return failure;
}

describe('credentials for Amazon ECR', () => {
  it('are those of the role that the step’s token may assume', async () => {
    await using world = await setUp();
    assert.deepEqual(await world.ask(), { username: 'AWS', password: PASSWORD });
    const form = new URLSearchParams(world.aws.sts.requests[0]?.body);
    assert.equal(form.get('RoleSessionName'), 'preheat-app-7');
  });

  it('serve every account of the region for twelve hours', async () => {
    await using world = await setUp();
    await world.ask();
    world.clock.pass(11 * HOUR);
    assert.deepEqual(await world.ask(OTHER), { username: 'AWS', password: PASSWORD });
    assert.equal(world.aws.sts.requests.length, 1);
  });

  it('are none for other registries', async () => {
    await using world = await setUp();
    for (const registry of ['docker.io', 'public.ecr.aws', 'europe-docker.pkg.dev'])
      assert.equal(await world.ask(registry), undefined);
    assert.equal(world.aws.sts.requests.length, 0);
  });

  it('are those of the registry’s own region', async () => {
    await using east = await startFakeAws({
      roleArn: ROLE,
      tokens: new Map([[TOKEN, new Date(handClock().now().getTime() + HOUR)]]),
      region: 'us-east-1',
      password: 'another-password',
      now: handClock().now,
    });
    const endpoints = { sts: east.sts.url, ecr: east.ecr.url };
    await using world = await setUp({}, { 'us-east-1': endpoints });
    assert.equal((await world.ask())?.password, PASSWORD);
    const eastern = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
    assert.equal((await world.ask(eastern))?.password, 'another-password');
    assert.equal((await world.ask())?.password, PASSWORD);
    assert.deepEqual([world.aws.sts.requests.length, east.sts.requests.length], [1, 1]);
  });

  it('make every secret known to the redactor', async () => {
    await using world = await setUp();
    await world.ask();
    const session = String(world.aws.ecr.requests[0]?.headers['x-amz-security-token']);
    const pair = Buffer.from(`AWS:${PASSWORD}`).toString('base64');
    for (const secret of [TOKEN, session, PASSWORD])
      assert.ok(!world.redactor.redact(`x ${secret} y`).includes(secret), secret);
    assert.ok(!world.redactor.redact(pair).includes(pair.slice(8, -8)));
  });

  it('need the step’s token', async () => {
    for (const stepToken of [undefined, '', ' \n']) {
      await using world = await setUp({ stepToken });
      const { message, hint, code } = await refusalOf(world.ask());
      assert.equal(message, `cannot assume ${ROLE}: the step has no BITBUCKET_STEP_OIDC_TOKEN`);
      assert.match(hint ?? '', /^Write "oidc: true" into the step in bitbucket-pipelines\.yml/);
      assert.equal(code, 'unauthorized');
      assert.equal(world.aws.sts.requests.length, 0);
    }
  });

  it('outlive the step’s token, whose end is told when they are renewed', async () => {
    await using world = await setUp();
    await world.ask();
    world.clock.pass(11.9 * HOUR);
    assert.deepEqual(await world.ask(), { username: 'AWS', password: PASSWORD });
    assert.equal(world.warnings.length, 1);
    assert.match(
      world.warnings[0] ?? '',
      /ExpiredTokenException: Token expired: current time & 2026.*until 15:04 UTC/,
    );
    world.clock.pass(HOUR);
    assert.match((await refusalOf(world.ask())).hint ?? '', /^Run the step again: its token has expired/);
  });

  for (const [answer, message, hint] of [
    [stsError(403, 'AccessDenied', 'Not authorized.'), /403 AccessDenied: Not authorized$/, /trust policy/],
    [
      stsError(400, 'InvalidIdentityToken', 'No OpenIDConnect provider found in your account'),
      /No OpenIDConnect provider/,
      /^Add the identity provider URL and the audience/,
    ],
    [stsError(403, 'RegionDisabledException', 'STS is off'), /STS is off/, /^Activate the region/],
    [stsError(400, 'SomethingElse', 'a <b> & c'), /SomethingElse: a <b> & c$/, undefined],
    [{ status: 403, type: 'text/html', body: '<title>Blocked</title>' }, /answered 403: Blocked$/, undefined],
  ] as const) {
    it(`say what to change where STS refuses: ${message.source}`, async () => {
      await using world = await setUp();
      world.aws.sts.failNext(failing(answer));
      const failure = await refusalOf(world.ask());
      assert.match(failure.message, message);
      assert.equal(failure.code, 'unauthorized');
      if (hint === undefined) assert.equal(failure.hint, undefined);
      else assert.match(failure.hint ?? '', hint);
      assert.equal(world.aws.sts.requests.length, 1);
    });
  }

  for (const [answer, message, hint] of [
    [
      ecrError(
        'com.amazonaws.ecr#AccessDeniedException',
        'not authorized to perform: ecr:GetAuthorizationToken',
      ),
      /400 AccessDeniedException: not authorized to perform/,
      /^Allow the role "ecr:GetAuthorizationToken"/,
    ],
    [ecrError('InvalidSignatureException', 'Signature expired'), /Signature expired$/, /^Set the clock/],
    [{ status: 404, type: 'text/plain', body: 'who?' }, /Amazon ECR answered 404: who\?$/, undefined],
  ] as const) {
    it(`say what to change where ECR refuses: ${message.source}`, async () => {
      await using world = await setUp();
      world.aws.ecr.failNext(failing(answer));
      const failure = await refusalOf(world.ask());
      assert.match(failure.message, /^cannot log in to Amazon ECR in eu-central-1: /);
      assert.match(failure.message, message);
      if (hint === undefined) assert.equal(failure.hint, undefined);
      else assert.match(failure.hint ?? '', hint);
    });
  }

  it('are asked for again where either is busy', async () => {
    await using world = await setUp();
    world.aws.sts.failNext(failing(stsError(400, 'IDPCommunicationError', 'later')), gatewayPage(503));
    world.aws.ecr.failNext(failing(ecrError('ThrottlingException', 'Rate exceeded')), { kind: 'reset' });
    assert.deepEqual(await world.ask(), { username: 'AWS', password: PASSWORD });
    assert.deepEqual([world.aws.sts.requests.length, world.aws.ecr.requests.length], [3, 3]);
  });

  it('are not taken from an answer without them', async () => {
    await using world = await setUp();
    const empty = { status: 200, type: 'application/json', body: '{"authorizationData":[]}' };
    const odd = Buffer.from('no pair').toString('base64');
    const broken = JSON.stringify({ authorizationData: [{ authorizationToken: odd, expiresAt: 1 }] });
    world.aws.ecr.failNext(failing(empty), failing({ ...empty, body: broken }));
    assert.deepEqual(await world.ask(), { username: 'AWS', password: PASSWORD });
    assert.equal(world.aws.ecr.requests.length, 3);
  });
});

import assert from 'node:assert/strict';
import { startFakeAws } from '../fakes/aws.ts';
import { startFakeGoogle } from '../fakes/google.ts';
import { repositoryWriter } from '../support/base-image.ts';
import { makeClone } from '../support/clone.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { preheat, readOutcome, type Run } from '../support/preheat.ts';
import { ACCOUNT, startRegistry } from '../support/registry.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzdGVwIn0.c2lnbmF0dXJl';
const ROLE = 'arn:aws:iam::123456789012:role/preheat';
const PROVIDER = 'projects/123456/locations/global/workloadIdentityPools/bitbucket/providers/pipelines';
const PUSHER = 'preheat@example.iam.gserviceaccount.com';
const ECR = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
const GOOGLE = 'europe-docker.pkg.dev';
const { password } = ACCOUNT;

const fileWith = (image: string): string => `image: ${image}\ntasks:\n  - init: echo made > made.txt\n`;

/**
 * A registry as a step reaches one of a cloud: under the cloud's name and with an account of the cloud's own, by way of
 * an HTTP proxy, which is what leads the name to loopback.
 */
async function setUp(username: string, file: string) {
  await using stack = new AsyncDisposableStack();
  const registry = stack.use(await startRegistry({ password: true, username }));
  const proxy = stack.use(await startFaultProxy(registry.host));
  const clone = stack.use(await makeClone({ '.gitpod.yml': file, 'README.md': 'hello\n' }));
  const owned = stack.move();
  return {
    registry,
    clone,
    env: { HTTP_PROXY: `http://${proxy.host}`, BITBUCKET_STEP_OIDC_TOKEN: TOKEN },
    /** How many requests went to the registry under its cloud's name. */
    asked: () => proxy.exchanges.length,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function startAws() {
  const aws = await startFakeAws({
    roleArn: ROLE,
    tokens: new Map([[TOKEN, new Date(Date.now() + 600_000)]]),
    region: 'eu-central-1',
    password,
  });
  const env = {
    AWS_OIDC_ROLE_ARN: ROLE,
    AWS_ENDPOINT_URL_STS: aws.sts.url,
    AWS_ENDPOINT_URL_ECR: aws.ecr.url,
  };
  return { ...aws, env };
}

/** The status of a manifest's request by whoever knows the password. */
async function manifestStatus(
  registry: string,
  username: string,
  name: string,
  digest = '',
): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const headers = { authorization, accept: 'application/vnd.oci.image.manifest.v1+json' };
  return (await fetch(`http://${registry}/v2/${name}/manifests/${digest}`, { headers })).status;
}

/** No output of a run holds a secret. */
function assertSilent({ stdout, stderr }: Run, ...more: readonly unknown[]): void {
  for (const secret of [TOKEN, password, ...more]) {
    assert.ok(typeof secret === 'string' && secret !== '');
    assert.ok(!`${stdout}${stderr}`.includes(secret), `the output holds ${secret}`);
  }
}

describe('preheat without a stored secret', () => {
  it('publishes into Amazon ECR by the identity of the step', async () => {
    await using world = await setUp('AWS', fileWith('debian:bookworm'));
    await using aws = await startAws();
    const words = ['build', '--debug', '--registry', `${ECR}/team/app`, '--plain-http'];
    const run = await preheat(words, { cwd: world.clone.directory, env: { ...world.env, ...aws.env } });
    assert.equal(run.exitCode, 0, run.stderr);
    const { image = '', digest } = await readOutcome(world.clone.directory);
    assert.ok(image.startsWith(`${ECR}/team/app:`), image);
    assert.equal(await manifestStatus(world.registry.host, 'AWS', 'team/app', digest), 200);
    // A run asks the registry many times, and the cloud once.
    assert.ok(world.asked() > 10);
    assert.deepEqual([aws.sts.requests.length, aws.ecr.requests.length], [1, 1]);
    assertSilent(run, aws.ecr.requests[0]?.headers['x-amz-security-token']);
  });

  it('publishes into Google Artifact Registry as a service account', async () => {
    await using world = await setUp('oauth2accesstoken', fileWith('debian:bookworm'));
    await using google = await startFakeGoogle({
      provider: `//iam.googleapis.com/${PROVIDER}`,
      tokens: [TOKEN],
      account: PUSHER,
      password,
    });
    const env = {
      ...world.env,
      GCP_WORKLOAD_IDENTITY_PROVIDER: PROVIDER,
      GCP_SERVICE_ACCOUNT: PUSHER,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_STS: `${google.sts.url}/`,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS: `${google.iamCredentials.url}/`,
    };
    const words = ['build', '--debug', '--registry', `${GOOGLE}/example/images/app`, '--plain-http'];
    const run = await preheat(words, { cwd: world.clone.directory, env });
    assert.equal(run.exitCode, 0, run.stderr);
    const { digest } = await readOutcome(world.clone.directory);
    assert.equal(
      await manifestStatus(world.registry.host, 'oauth2accesstoken', 'example/images/app', digest),
      200,
    );
    assert.deepEqual([google.sts.requests.length, google.iamCredentials.requests.length], [1, 1]);
    assertSilent(run, google.iamCredentials.requests[0]?.headers.authorization?.slice('Bearer '.length));
  });

  it('reads base images of the same cloud', async () => {
    await using world = await setUp('AWS', fileWith(`${ECR}/base/tiny:1`));
    await using aws = await startAws();
    const account = { username: 'AWS', password };
    const { digest } = await repositoryWriter(world.registry.host, 'base/tiny', account).image(
      { layers: [Buffer.alloc(1024)] },
      '1',
    );
    const words = ['plan', '--json', '--registry', `${ECR}/team/app`, '--plain-http'];
    const run = await preheat(words, { cwd: world.clone.directory, env: { ...world.env, ...aws.env } });
    assert.equal(run.exitCode, 0, run.stderr);
    assert.ok(run.stdout.includes(digest), run.stdout);
  });

  it('says what the step lacks', async () => {
    await using world = await setUp('AWS', fileWith(`${ECR}/base/tiny:1`));
    await using aws = await startAws();
    const words = ['build', '--registry', `${ECR}/team/app`, '--plain-http'];
    const env = { ...world.env, ...aws.env, BITBUCKET_STEP_OIDC_TOKEN: '' };
    const { exitCode, stderr } = await preheat(words, { cwd: world.clone.directory, env });
    assert.equal(exitCode, 30, stderr);
    assert.match(stderr, /cannot assume arn:.*: the step has no BITBUCKET_STEP_OIDC_TOKEN/);
    assert.match(stderr, /Write "oidc: true" into the step in bitbucket-pipelines\.yml/);
    assert.deepEqual([world.asked(), aws.sts.requests.length], [0, 0]);
  });

  it('shows no token of the step, also where nothing needs it', async () => {
    await using world = await setUp('AWS', fileWith('debian:bookworm'));
    const packages = { BITBUCKET_PACKAGES_USERNAME: 'x-token', BITBUCKET_PACKAGES_TOKEN: 'packages-secret' };
    for (const secret of [TOKEN, packages.BITBUCKET_PACKAGES_TOKEN]) {
      const words = ['plan', '--registry', 'oci:images', '--repository', `/nowhere/${secret}`];
      const env = { ...world.env, ...packages };
      const { exitCode, stdout, stderr } = await preheat(words, { cwd: world.clone.directory, env });
      assert.equal(exitCode, 10, stderr);
      assert.ok(stderr.includes('********') && !`${stdout}${stderr}`.includes(secret), stderr);
    }
  });
});

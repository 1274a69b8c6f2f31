import assert from 'node:assert/strict';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCredentials } from '../../src/cli/registry-credentials.ts';
import { parseLocation } from '../../src/oci/location.ts';
import { startFakeAws } from '../fakes/aws.ts';
import { startFakeGoogle } from '../fakes/google.ts';
import { testSession } from './test-session.ts';

const ROLE = 'arn:aws:iam::123456789012:role/preheat';
const PROVIDER = 'projects/123456/locations/global/workloadIdentityPools/bitbucket/providers/pipelines';
const ECR = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
const GOOGLE = 'europe-docker.pkg.dev';
const PACKAGES = 'crg.apkg.io';
const TOKEN = 'the-token-of-the-step';
const { signal } = new AbortController();

/** Both clouds, a docker configuration that knows every registry, and the users that a session finds. */
async function setUp(registry: string, environment: Readonly<Record<string, string>>) {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'preheat-docker-')));
  const auth = Buffer.from('docker:docker-secret').toString('base64');
  const auths = Object.fromEntries([ECR, GOOGLE, PACKAGES, 'ghcr.io'].map((host) => [host, { auth }]));
  await writeFile(join(folder.path, 'config.json'), JSON.stringify({ auths }));
  const tokens = new Map([[TOKEN, new Date(Date.now() + 600_000)]]);
  const password = 'of-the-cloud';
  const aws = stack.use(await startFakeAws({ roleArn: ROLE, tokens, region: 'eu-central-1', password }));
  const google = stack.use(
    await startFakeGoogle({ provider: `//iam.googleapis.com/${PROVIDER}`, tokens: [TOKEN], password }),
  );
  const session = testSession({
    environment: {
      DOCKER_CONFIG: folder.path,
      AWS_ENDPOINT_URL_STS: aws.sts.url,
      AWS_ENDPOINT_URL_ECR: aws.ecr.url,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_STS: `${google.sts.url}/`,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS: `${google.iamCredentials.url}/`,
      BITBUCKET_REPO_SLUG: 'app with spaces',
      BITBUCKET_BUILD_NUMBER: '7',
      ...environment,
    },
  });
  const credentials = openCredentials(parseLocation(registry), session);
  const owned = stack.move();
  return {
    aws,
    userOf: async (host: string) => (await credentials.credentialsFor(host, { signal }))?.username,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const EVERYTHING = {
  REGISTRY_USERNAME: 'given',
  REGISTRY_PASSWORD: 'given-secret',
  BITBUCKET_PACKAGES_USERNAME: 'packages',
  BITBUCKET_PACKAGES_TOKEN: 'packages-secret',
  BITBUCKET_STEP_OIDC_TOKEN: TOKEN,
  AWS_OIDC_ROLE_ARN: ROLE,
  GCP_WORKLOAD_IDENTITY_PROVIDER: PROVIDER,
};

describe('the credentials of a run', () => {
  it('are each source’s own for the registries that it knows', async () => {
    await using world = await setUp('quay.io/team/app', EVERYTHING);
    for (const [host, user] of [
      ['quay.io', 'given'],
      [PACKAGES, 'packages'],
      [ECR, 'AWS'],
      [GOOGLE, 'oauth2accesstoken'],
      ['ghcr.io', 'docker'],
      ['docker.io', undefined],
    ] as const) {
      assert.equal(await world.userOf(host), user, host);
    }
  });

  for (const host of [PACKAGES, ECR, GOOGLE, 'ghcr.io']) {
    it(`are before all those that were given for the target, ${host}`, async () => {
      await using world = await setUp(`${host}/team/app`, EVERYTHING);
      assert.equal(await world.userOf(host), 'given');
    });
  }

  it('are docker’s where nothing else is set', async () => {
    await using world = await setUp(`${ECR}/team/app`, { BITBUCKET_STEP_OIDC_TOKEN: TOKEN });
    for (const host of [PACKAGES, ECR, GOOGLE, 'ghcr.io']) assert.equal(await world.userOf(host), 'docker');
  });

  it('name repository and build to AWS', async () => {
    await using world = await setUp(`${ECR}/team/app`, {
      AWS_OIDC_ROLE_ARN: ROLE,
      BITBUCKET_STEP_OIDC_TOKEN: TOKEN,
    });
    await world.userOf(ECR);
    const form = new URLSearchParams(world.aws.sts.requests[0]?.body);
    assert.equal(form.get('RoleSessionName'), 'preheat-app-with-spaces-7');
  });
});

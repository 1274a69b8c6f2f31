import { join } from 'node:path';
import { createEcrSource } from '../adapters/credentials/aws/ecr-source.ts';
import { ecrPlaceOf } from '../adapters/credentials/aws/ecr-place.ts';
import { roleSessionName } from '../adapters/credentials/aws/role-session-name.ts';
import { firstOf } from '../adapters/credentials/first-of.ts';
import { createDockerSource } from '../adapters/credentials/docker-source.ts';
import type { ExchangeTools } from '../adapters/credentials/exchange.ts';
import { createGivenSource } from '../adapters/credentials/given-source.ts';
import { GOOGLE_ENDPOINTS } from '../adapters/credentials/google/access-token.ts';
import { googlePlaceOf } from '../adapters/credentials/google/google-place.ts';
import { createGoogleSource } from '../adapters/credentials/google/google-source.ts';
import type { Redactor } from '../kernel/redact.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { CredentialSource } from '../oci/credential-source.ts';
import type { Location } from '../oci/location.ts';
import { endpointIn } from './cloud-endpoints.ts';
import { homeFolder } from './home-folder.ts';
import type { Environment } from './read-settings.ts';
import type { Session } from './session.ts';

/** The registry of Bitbucket itself (https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-packages/). */
export const BITBUCKET_PACKAGES = 'crg.apkg.io';

/** A way to come by credentials, as people know it. */
interface NamedSource {
  readonly origin: string;
  readonly source: CredentialSource;
}

export interface RegistryCredentials extends CredentialSource {
  /** Where the credentials for `registry` come from, in words; `undefined` where there are none. */
  originOf(registry: string, options: CallOptions): Promise<string | undefined>;
}

/**
 * Where credentials for registries come from, best first: those that were given for the target; Bitbucket Packages'; a
 * cloud's, for the identity of the step; docker's own configuration. Base images are read with the same ones.
 */
export function openCredentials(location: Location, session: Session): RegistryCredentials {
  const named = namedSources(location, session);
  return {
    ...firstOf(named.map(({ source }) => source)),
    async originOf(registry, options) {
      for (const { origin, source } of named)
        if ((await source.credentialsFor(registry, options)) !== undefined) return origin;
      return undefined;
    },
  };
}

function namedSources(location: Location, session: Session): readonly NamedSource[] {
  const { settings, environment, redactor, clock, log } = session;
  const tools = { clock, redactor, warn: (text: string) => log.warn(text) };
  const target = location.kind === 'registry' ? location.registry : undefined;
  const { 'registry-username': username, 'registry-password': password } = settings;
  const { 'bitbucket-packages-username': user, 'bitbucket-packages-token': token } = settings;
  const configDirectory = environment['DOCKER_CONFIG'] || join(homeFolder(), '.docker');
  return [
    ...named('REGISTRY_USERNAME and REGISTRY_PASSWORD', given(target, username, password, redactor)),
    ...named('Bitbucket Packages', given(BITBUCKET_PACKAGES, user, token, redactor)),
    ...named('the role of AWS_OIDC_ROLE_ARN', amazon(session, tools)),
    ...named('the provider of GCP_WORKLOAD_IDENTITY_PROVIDER', google(session, tools)),
    ...named(`docker's configuration in ${configDirectory}`, [
      createDockerSource({ configDirectory, redactor, clock }),
    ]),
  ];
}

function named(origin: string, sources: readonly CredentialSource[]): readonly NamedSource[] {
  return sources.map((source) => ({ origin, source }));
}

function given(
  registry: string | undefined,
  username: string | undefined,
  password: string | undefined,
  redactor: Redactor,
): readonly CredentialSource[] {
  if (registry === undefined || username === undefined || password === undefined) return [];
  return [createGivenSource({ registry, username, password }, redactor)];
}

function amazon({ settings, environment }: Session, tools: ExchangeTools): readonly CredentialSource[] {
  const roleArn = settings['aws-oidc-role-arn'];
  if (roleArn === undefined) return [];
  const [sts, ecr] = [endpointIn(environment, 'awsSts'), endpointIn(environment, 'awsEcr')];
  const endpoints = { ...(sts === undefined ? {} : { sts }), ...(ecr === undefined ? {} : { ecr }) };
  const source = createEcrSource(
    {
      roleArn,
      sessionName: sessionNameOf(environment),
      stepToken: settings['bitbucket-step-oidc-token'],
      placeOf: (registry) => ecrPlaceOf(registry, endpoints),
    },
    tools,
  );
  return [source];
}

function sessionNameOf(environment: Environment): string {
  return roleSessionName([environment['BITBUCKET_REPO_SLUG'], environment['BITBUCKET_BUILD_NUMBER']]);
}

function google({ settings, environment }: Session, tools: ExchangeTools): readonly CredentialSource[] {
  const provider = settings['gcp-workload-identity-provider'];
  if (provider === undefined) return [];
  const source = createGoogleSource(
    {
      provider,
      account: settings['gcp-service-account'],
      stepToken: settings['bitbucket-step-oidc-token'],
      endpoints: {
        sts: endpointIn(environment, 'googleSts') ?? GOOGLE_ENDPOINTS.sts,
        iamCredentials: endpointIn(environment, 'googleIamCredentials') ?? GOOGLE_ENDPOINTS.iamCredentials,
      },
      placeOf: googlePlaceOf,
    },
    tools,
  );
  return [source];
}

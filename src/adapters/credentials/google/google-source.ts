import type { CallOptions } from '../../../oci/content-store.ts';
import type { CredentialSource } from '../../../oci/credential-source.ts';
import type { ExchangeTools } from '../exchange.ts';
import { createKeylessSource, type RegistryPlace } from '../keyless-source.ts';
import { requireStepToken, type StepToken } from '../step-token.ts';
import type { AccessToken, GoogleEndpoints } from './access-token.ts';
import { exchangeToken } from './exchange-token.ts';
import { impersonate } from './impersonate.ts';

export interface GoogleOptions {
  /** The full name of the workload identity provider that trusts Bitbucket. */
  readonly provider: string;
  /** E-mail of the service account to act as; without it the pool's identity has the rights itself. */
  readonly account: string | undefined;
  readonly stepToken: string | undefined;
  readonly endpoints: GoogleEndpoints;
  readonly placeOf: (registry: string) => RegistryPlace | undefined;
}

/** https://cloud.google.com/artifact-registry/docs/docker/authentication#token */
const TOKEN_USER = 'oauth2accesstoken';

/** Answers for Google's registries, without a stored secret: OIDC token → access token, of an account if need be. */
export function createGoogleSource(options: GoogleOptions, tools: ExchangeTools): CredentialSource {
  return createKeylessSource({
    placeOf: options.placeOf,
    ...tools,
    async exchange(_, call) {
      const { value: password, expiresAt } = await accessToken(options, tools, call);
      return { username: TOKEN_USER, password, expiresAt };
    },
  });
}

async function accessToken(
  { provider, account, endpoints, ...options }: GoogleOptions,
  tools: ExchangeTools,
  call: CallOptions,
): Promise<AccessToken> {
  const stepToken: StepToken = { value: options.stepToken, redactor: tools.redactor };
  const because = 'GCP_WORKLOAD_IDENTITY_PROVIDER';
  const token = requireStepToken(stepToken, 'get a token of Google Cloud', because);
  const federated = await exchangeToken(endpoints, { provider, token }, tools, call);
  return account === undefined ? federated : await impersonate(endpoints, account, federated, tools, call);
}

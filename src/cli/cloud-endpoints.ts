import { PreheatError } from '../kernel/failure.ts';
import { isPlainHttp } from '../adapters/oras/plain-http.ts';
import type { Environment } from './read-settings.ts';

/**
 * Variables by which the clouds' own programs are led to other endpoints than the public ones, private ones for instance
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html,
 * https://cloud.google.com/sdk/docs/properties#setting_properties_using_environment_variables).
 */
export const ENDPOINT_VARIABLES = {
  awsSts: 'AWS_ENDPOINT_URL_STS',
  awsEcr: 'AWS_ENDPOINT_URL_ECR',
  googleSts: 'CLOUDSDK_API_ENDPOINT_OVERRIDES_STS',
  googleIamCredentials: 'CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS',
} as const;

/**
 * The base URL in the variable of an endpoint, without slashes at its end; `undefined` where it is not set. Throws
 * `PreheatError` (usage) for one that secrets cannot be sent to: HTTP leads to this machine only.
 */
export function endpointIn(
  environment: Environment,
  endpoint: keyof typeof ENDPOINT_VARIABLES,
): string | undefined {
  const name = ENDPOINT_VARIABLES[endpoint];
  const text = environment[name] ?? '';
  if (text === '') return undefined;
  const url = URL.parse(text);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isPlainHttp(url.host)))
    return text.replace(/\/+$/, '');
  throw new PreheatError(`cannot use ${name}: it is no https URL`, {
    phase: 'usage',
    code: 'usage',
    hint: `Set ${name} to a URL, or unset it.`,
  });
}

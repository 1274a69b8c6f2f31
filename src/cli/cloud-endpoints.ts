import { PreheatError } from '../kernel/failure.ts';
import { isPlainHttp } from '../adapters/oras/plain-http.ts';
import { ENDPOINT_VARIABLES } from './endpoint-variables.ts';
import type { Environment } from './read-settings.ts';

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
  throw new PreheatError(`cannot use ${name}: it is no https URL (http leads to this machine only)`, {
    phase: 'usage',
    code: 'usage',
    hint: `Set ${name} to an https URL, or unset it.`,
  });
}

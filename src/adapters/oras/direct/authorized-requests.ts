import type { CredentialSource } from '../../../oci/credential-source.ts';
import { authorize } from './authorize.ts';
import type { HttpAnswer, HttpRequest, SendHttp } from './http-exchange.ts';

/** A request to a registry, without who asks. */
export interface RegistryRequest extends HttpRequest {
  readonly registry: string;
  readonly repository: string;
}

export type SendToRegistry = (
  request: RegistryRequest,
  options: { readonly signal: AbortSignal },
) => Promise<HttpAnswer>;

const MOST_REDIRECTS = 3;

/**
 * Sends requests as whom the registry wants: what let one in is kept for the next ones to the same repository, and made
 * anew where it no longer does. Blobs may lie elsewhere; the authorization stays with the registry.
 */
export function createRegistrySender(send: SendHttp, credentials: CredentialSource): SendToRegistry {
  const kept = new Map<string, Promise<string | undefined>>();
  return async (request, options) => {
    const place = `${request.registry}/${request.repository}`;
    const before = kept.get(place);
    const answer = await follow(send, request, await before, options);
    if (answer.status !== 401) return answer;
    // Of requests at the same time one asks for a token, the others wait for it.
    if (kept.get(place) === before) {
      const asked = { registry: request.registry, challenge: answer.headers['www-authenticate'] };
      const isPlain = request.url.protocol === 'http:';
      const asking = authorize(asked, { credentials, send, isPlain }, options);
      kept.set(place, asking);
      // What failed for one is asked for again by the next.
      asking.catch(() => kept.get(place) === asking && kept.delete(place));
    }
    const authorization = await kept.get(place);
    return authorization === undefined ? answer : await follow(send, request, authorization, options);
  };
}

async function follow(
  send: SendHttp,
  request: RegistryRequest,
  authorization: string | undefined,
  options: { readonly signal: AbortSignal },
): Promise<HttpAnswer> {
  let { url } = request;
  for (let redirects = 0; ; redirects++) {
    const isAtHome = url.origin === request.url.origin;
    const headers = {
      ...request.headers,
      ...(isAtHome && authorization !== undefined && { authorization }),
    };
    const answer = await send({ ...request, url, headers }, options);
    const next = redirects < MOST_REDIRECTS ? redirectOf(answer, url) : undefined;
    if (next === undefined) return answer;
    url = next;
  }
}

function redirectOf({ status, headers: { location } }: HttpAnswer, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  const url = URL.parse(location, from.href);
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && from.protocol === 'http:')
    ? url
    : undefined;
}

import { shareRuns } from '../../../kernel/share-runs.ts';
import type { CredentialSource } from '../../../oci/credential-source.ts';
import { authorize } from './authorize.ts';
import type { HttpAnswer, HttpRequest, SendHttp } from './http-exchange.ts';

/** A request to a registry, without who asks. */
export interface RegistryRequest extends HttpRequest {
  readonly registry: string;
  readonly repository: string;
  /** Whether what is asked for may lie elsewhere; a redirect is the answer otherwise. */
  readonly mayMove: boolean;
}

export type SendToRegistry = (
  request: RegistryRequest,
  options: { readonly signal: AbortSignal },
) => Promise<HttpAnswer>;

type Renew = (options: { readonly signal: AbortSignal }) => Promise<string | undefined>;

const MOST_REDIRECTS = 3;

/**
 * Sends requests as whom the registry wants: what let one in is kept for the next ones to the same repository, and made
 * anew where it no longer does. Blobs may lie elsewhere; the authorization stays with the registry, and who else asks
 * for one gets none.
 */
export function createRegistrySender(send: SendHttp, credentials: CredentialSource): SendToRegistry {
  const kept = new Map<string, string>();
  // Of requests at the same time one asks for a token, the others wait for it.
  const renewals = new Map<string, Renew>();
  const renewal = (place: string, { registry, url }: RegistryRequest, challenge: string | undefined): Renew =>
    shareRuns(async (options) => {
      try {
        const tools = { credentials, send, isPlain: url.protocol === 'http:' };
        const found = await authorize({ registry, challenge }, tools, options);
        if (found === undefined) kept.delete(place);
        else kept.set(place, found);
        return found;
      } finally {
        renewals.delete(place);
      }
    });
  return async (request, options) => {
    const place = `${request.registry}/${request.repository}`;
    const tried = (await renewals.get(place)?.(options)) ?? kept.get(place);
    const { answer, isAtHome } = await follow(send, request, tried, options);
    if (answer.status !== 401 || !isAtHome) return answer;
    if (kept.get(place) === tried && !renewals.has(place))
      renewals.set(place, renewal(place, request, answer.headers['www-authenticate']));
    const authorization = (await renewals.get(place)?.(options)) ?? kept.get(place);
    // What was refused just now would be refused again.
    if (authorization === undefined || authorization === tried) return answer;
    return (await follow(send, request, authorization, options)).answer;
  };
}

interface Followed {
  readonly answer: HttpAnswer;
  /** Whether the registry itself gave the answer. */
  readonly isAtHome: boolean;
}

async function follow(
  send: SendHttp,
  request: RegistryRequest,
  authorization: string | undefined,
  options: { readonly signal: AbortSignal },
): Promise<Followed> {
  let { url } = request;
  for (let redirects = 0; ; redirects++) {
    const isAtHome = url.origin === request.url.origin;
    const headers = {
      ...request.headers,
      ...(isAtHome && authorization !== undefined && { authorization }),
    };
    const answer = await send({ ...request, url, headers }, options);
    const mayMove = request.mayMove && redirects < MOST_REDIRECTS;
    const next = mayMove ? redirectOf(answer, url) : undefined;
    if (next === undefined) return { answer, isAtHome };
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

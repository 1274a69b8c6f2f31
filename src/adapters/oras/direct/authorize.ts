import * as z from 'zod';
import { parseJson } from '../../../kernel/parse-json.ts';
import { TOKEN_USER, type Credentials, type CredentialSource } from '../../../oci/credential-source.ts';
import { parseChallenge, type Challenge } from './challenge.ts';
import type { SendHttp } from './http-exchange.ts';

/** Whom a request is for. */
interface Asked {
  readonly registry: string;
  /** What the registry answered to a request without the right authorization. */
  readonly challenge: string | undefined;
}

/** distribution, "Token Authentication Specification", "Token Response Fields". */
const TokenAnswer = z.object({ token: z.string().optional(), access_token: z.string().optional() });
const MOST_TOKEN_BYTES = 64 * 1024;

/**
 * The value of `Authorization` that a registry's challenge asks for: user name and password, or a token that the place
 * it names gives for them. `undefined` where that cannot be told for sure. A password goes nowhere without TLS, unless
 * the registry itself is spoken to without. Throws what the credentials' source or the connection throws.
 */
export async function authorize(
  { registry, challenge: header }: Asked,
  { credentials, send, isPlain }: AuthorizeTools,
  options: { readonly signal: AbortSignal },
): Promise<string | undefined> {
  const challenge = parseChallenge(header);
  if (challenge === undefined) return undefined;
  const known = await credentials.credentialsFor(registry, options);
  // It is exchanged in another way than a password.
  if (known?.username === TOKEN_USER) return undefined;
  if (challenge.kind === 'basic') return known && basic(known);
  const url = tokenUrl(challenge, isPlain);
  if (url === undefined) return undefined;
  const headers = known === undefined ? {} : { authorization: basic(known) };
  const { status, body } = await send({ method: 'GET', url, headers, mostBytes: MOST_TOKEN_BYTES }, options);
  return status === 200 ? bearer(parseJson(body.toString('utf8'))) : undefined;
}

export interface AuthorizeTools {
  readonly credentials: CredentialSource;
  readonly send: SendHttp;
  /** Whether the registry is spoken to without TLS. */
  readonly isPlain: boolean;
}

function basic({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function tokenUrl(
  { realm, service, scope }: Extract<Challenge, { readonly kind: 'bearer' }>,
  isPlain: boolean,
): URL | undefined {
  const url = URL.parse(realm);
  if (url === null || !(url.protocol === 'https:' || (isPlain && url.protocol === 'http:'))) return undefined;
  if (service !== undefined) url.searchParams.set('service', service);
  for (const one of scope?.split(' ').filter(Boolean) ?? []) url.searchParams.append('scope', one);
  return url;
}

function bearer(answer: unknown): string | undefined {
  const { token, access_token: accessToken } = TokenAnswer.safeParse(answer).data ?? {};
  const found = token || accessToken;
  return found !== undefined && /^[\x21-\x7e]+$/.test(found) ? `Bearer ${found}` : undefined;
}

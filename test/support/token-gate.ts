import type { Fault, ProxiedRequest } from './fault-proxy.ts';

export interface TokenGate {
  readonly intercept: (request: ProxiedRequest) => Fault | undefined;
  /** How many tokens were given out. */
  tokens(): number;
}

/**
 * Bearer tokens in front of a registry, as distribution's token authentication has them. The token of a request that
 * `expireAt` picks expires at that moment, `times` times in all.
 */
export function tokenGate(
  host: string,
  options: { readonly expireAt: (request: ProxiedRequest) => boolean; readonly times: number },
): TokenGate {
  const valid = new Set<string>();
  let given = 0;
  let expiries = options.times;
  const refuse = ({ url }: ProxiedRequest): Fault => {
    const repository = /^\/v2\/(.+?)\/(?:manifests|blobs|tags)\//.exec(url)?.[1] ?? '';
    const challenge = `Bearer realm="http://${host}/token",service="test",scope="repository:${repository}:pull,push"`;
    const body = JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] });
    return { kind: 'answer', status: 401, headers: { 'www-authenticate': challenge }, body };
  };
  return {
    tokens: () => given,
    intercept(request) {
      if (request.url.startsWith('/token')) {
        const token = `token-${++given}`;
        valid.add(token);
        return { kind: 'answer', status: 200, body: JSON.stringify({ token, expires_in: 300 }) };
      }
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      if (valid.has(token) && expiries > 0 && options.expireAt(request)) {
        expiries--;
        valid.delete(token);
      }
      return valid.has(token) ? undefined : refuse(request);
    },
  };
}

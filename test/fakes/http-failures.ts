/** What the fake does with a request instead of carrying it out. */
export type FakeFailure =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** The connection is closed without an answer. */
  | { readonly kind: 'reset' }
  /** No answer ever comes. */
  | { readonly kind: 'hang' }
  /** The head of an error comes, and then its body without end, as fast as it is read. */
  | { readonly kind: 'endless'; readonly status: number };

/** The answer of the API to who asks too often. */
export function rateLimited(retryAfterSeconds?: number): FakeFailure {
  return {
    kind: 'answer',
    status: 429,
    headers: {
      'content-type': 'application/json',
      'x-ratelimit-limit': '1000',
      'x-ratelimit-resource': 'api-2.0',
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
    body: JSON.stringify({
      type: 'error',
      error: { message: 'Rate limit for this resource has been exceeded' },
    }),
  };
}

/** An HTML page as gateways before the API send it. */
export function gatewayPage(status = 502): FakeFailure {
  const body = `<html><head><title>${status} Bad Gateway</title></head><body><h1>${status} Bad Gateway</h1></body></html>`;
  return { kind: 'answer', status, headers: { 'content-type': 'text/html' }, body };
}

/** Any answer with a JSON body. */
export function jsonAnswer(status: number, body: unknown): FakeFailure {
  return {
    kind: 'answer',
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

import type { IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import { secureContext } from './secure-context.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** More bytes than these are no answer. */
  readonly mostBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends one request and reads its answer, redirects included as they are. */
export type SendHttp = (
  request: HttpRequest,
  options: { readonly signal: AbortSignal },
) => Promise<HttpAnswer>;

/** There are firewalls that refuse who has no name. */
const USER_AGENT = 'preheat';

/** Firewalls forget connections that wait longer, some of them without a word to either side. */
const KEPT_MS = 30_000;

/**
 * Opens connections that are kept for the next request; those that wait keep no program running, and are closed after
 * `keptMs`. Throws where there is no answer in full: what the socket threw, or the signal's reason.
 */
export function createHttpSender({ keptMs = KEPT_MS } = {}): SendHttp {
  // In place of an import, which would load all of Node's fetch (src/adapters/engine/node-http.ts).
  const http = process.getBuiltinModule('node:http');
  const https = process.getBuiltinModule('node:https');
  const agents = {
    'http:': new http.Agent({ keepAlive: true, timeout: keptMs }),
    // Whatever the environment tells Node of certificates: oras would not trust more.
    'https:': new https.Agent({ keepAlive: true, timeout: keptMs, rejectUnauthorized: true }),
  };
  const send: SendHttp = async (asked, { signal }) => {
    const { method, url, headers, body, mostBytes } = asked;
    const isPlain = url.protocol === 'http:';
    const trust = isPlain ? {} : { secureContext: secureContext() };
    const agent = agents[isPlain ? 'http:' : 'https:'];
    const named = { ...headers, 'user-agent': USER_AGENT };
    const options: RequestOptions = { method, headers: named, agent, signal, ...trust };
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const request = (isPlain ? http : https).request(url, options, resolve);
    // Also behind the answer's head, where its stream tells of the same.
    request.on('error', reject);
    request.end(body);
    let answer: IncomingMessage | undefined;
    try {
      answer = await promise;
      const { statusCode: status = 0, headers: told } = answer;
      return { status, headers: told, body: await bodyOf(answer, mostBytes) };
    } catch (thrown) {
      signal.throwIfAborted();
      // The server closed a connection that was kept, as the request was on its way.
      if (answer === undefined && request.reusedSocket) return await send(asked, { signal });
      throw thrown;
    }
  };
  return send;
}

async function bodyOf(answer: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    length += part.length;
    // Leaving the loop ends the connection.
    if (length > mostBytes) throw new RangeError(`the answer is longer than ${mostBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

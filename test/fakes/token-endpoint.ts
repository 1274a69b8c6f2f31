import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { FakeFailure } from './http-failures.ts';
import { playFailure } from './play-failure.ts';

/** A request as it came. */
export interface EndpointRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface EndpointAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** An API of a cloud on a random loopback port. Disposing it fails where a request was none that the cloud would take. */
export interface TokenEndpoint extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly EndpointRequest[];
  /** Lets the next requests fail, one after the other. */
  failNext(...failures: readonly FakeFailure[]): void;
}

/**
 * Starts an endpoint whose requests `answer` answers; what it throws is told when the endpoint is disposed of, since it
 * only throws for what the product must never send.
 */
export async function startTokenEndpoint(
  answer: (request: EndpointRequest) => EndpointAnswer,
): Promise<TokenEndpoint> {
  const requests: EndpointRequest[] = [];
  const violations: unknown[] = [];
  const failures: FakeFailure[] = [];
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = incoming;
    const request = { method, url, headers, body: await text(incoming) };
    requests.push(request);
    const found = answer(request);
    const failure = failures.shift();
    if (failure !== undefined) return playFailure(failure, response);
    response.writeHead(found.status, { 'content-type': found.type }).end(found.body);
  };
  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((thrown: unknown) => {
      violations.push(thrown);
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    failNext: (...more) => void failures.push(...more),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      assert.deepEqual(violations, [], 'requests that the cloud would not understand');
    },
  };
}

/** The fields of a form, each of which must be there once. */
export function formOf({ headers, body }: EndpointRequest): Readonly<Record<string, string>> {
  assert.match(headers['content-type'] ?? '', /^application\/x-www-form-urlencoded(;|$)/);
  const fields = new URLSearchParams(body);
  assert.equal(new Set(fields.keys()).size, fields.size, 'a field came twice');
  return Object.fromEntries(fields);
}

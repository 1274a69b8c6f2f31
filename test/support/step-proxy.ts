import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** Where requests for a host go. */
export interface Upstream {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  /** The credential that the proxy adds itself. */
  readonly authorization?: string;
}

export interface StepProxyOptions {
  /** By the host, with its port where it is not 80, that a request's address names. */
  readonly upstreams: Readonly<Record<string, Upstream>>;
  /** The loopback address to listen on. */
  readonly address?: string;
  /** By default one that is free. */
  readonly port?: number;
}

/** A request as it arrived. */
export interface StepRequest {
  readonly method: string;
  /** The whole address. */
  readonly url: string;
}

/**
 * The proxy of a Pipelines step: it takes plain HTTP in absolute form and adds the credential. Whatever it does not take
 * (`CONNECT`, requests in origin form, hosts that it does not know, clients that bring a credential) is refused and
 * remembered; disposing of a proxy that had to refuse something fails the test.
 */
export interface StepProxy extends AsyncDisposable {
  /** For `--step-proxy`. */
  readonly url: string;
  readonly requests: readonly StepRequest[];
  /** Bytes of all bodies that came from upstreams. */
  readonly bytes: number;
  /** Forgets what was counted. */
  reset(): void;
  /** A status to answer a request with instead of passing it on. */
  intercept: (request: StepRequest) => number | 'hang' | undefined;
}

/** Starts a proxy. */
export async function startStepProxy(options: StepProxyOptions): Promise<StepProxy> {
  const { upstreams, address = '127.0.0.1', port = 0 } = options;
  const seen = { requests: [] as StepRequest[], bytes: 0, refused: [] as string[] };
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '' } = incoming;
    seen.requests.push({ method, url });
    // A client that goes away in the middle is no failure of the proxy.
    void serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = incoming;
    const target = URL.parse(url);
    const upstream = target?.protocol === 'http:' ? upstreams[target.host] : undefined;
    if (target === null || upstream === undefined || headers.authorization !== undefined) {
      seen.refused.push(`${method} ${url}${headers.authorization === undefined ? '' : ' with a credential'}`);
      outgoing.writeHead(403).end();
      return;
    }
    const instead = proxy.intercept({ method, url });
    if (instead === 'hang') return;
    if (instead !== undefined) outgoing.writeHead(instead).end();
    else await forward(incoming, outgoing, target, upstream, seen);
  };
  server.on('connect', (request, socket) => {
    seen.refused.push(`CONNECT ${request.url ?? ''}`);
    socket.end('HTTP/1.1 405 Method Not Allowed\r\n\r\n');
  });
  server.listen(port, address);
  await once(server, 'listening');
  const bound = server.address();
  assert.ok(bound !== null && typeof bound === 'object');
  const proxy: StepProxy = {
    url: `http://${address}:${bound.port}/`,
    requests: seen.requests,
    get bytes() {
      return seen.bytes;
    },
    reset() {
      seen.requests.length = 0;
      seen.bytes = 0;
    },
    intercept: () => undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      assert.deepEqual(seen.refused, [], 'what a step’s proxy does not take');
    },
  };
  return proxy;
}

async function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { pathname, search, host }: URL,
  upstream: Upstream,
  seen: { bytes: number },
): Promise<void> {
  const { 'proxy-connection': _hop, ...headers } = incoming.headers;
  const credential = upstream.authorization === undefined ? {} : { authorization: upstream.authorization };
  const onward = httpRequest(`http://${upstream.host}${pathname}${search}`, {
    method: incoming.method,
    headers: { ...headers, host, ...credential },
  });
  const sending = pipeline(incoming, onward);
  const [answer] = (await once(onward, 'response')) as [IncomingMessage];
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  const counted = async function* counted(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      seen.bytes += chunk.length;
      yield chunk;
    }
  };
  await Promise.all([sending, pipeline(answer, counted, outgoing)]);
}

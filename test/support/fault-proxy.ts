import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream/promises';

export interface ProxiedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** What happens to a request instead of reaching the registry. */
export type Fault =
  /** The connection is reset after so many bytes of the request's body. */
  | { readonly kind: 'reset'; readonly afterBytes?: number }
  /** The answer's body breaks off after so many bytes. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Nothing is ever answered. */
  | { readonly kind: 'hang' }
  /** The body is read, then answered with this. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    };

export interface ProxiedExchange {
  readonly method: string;
  readonly url: string;
  /** 0 where the connection was broken or nothing was answered. */
  readonly status: number;
  /** Bytes of the request's body that arrived. */
  readonly bytes: number;
}

/** An HTTP proxy in front of a registry that records exchanges and breaks the ones it is told to. */
export interface FaultProxy extends AsyncDisposable {
  readonly host: string;
  readonly exchanges: readonly ProxiedExchange[];
  /** Asked for each request; `undefined` lets it through. */
  intercept: (request: ProxiedRequest) => Fault | undefined;
}

/** An `intercept` that breaks the first `times` requests that match. */
export function firstTimes(times: number, matches: (request: ProxiedRequest) => boolean, fault: Fault) {
  let left = times;
  return (request: ProxiedRequest): Fault | undefined => (matches(request) && left-- > 0 ? fault : undefined);
}

/** Whether a request carries a blob. */
export function isBlobPut({ method, url }: ProxiedRequest): boolean {
  return method === 'PUT' && url.includes('/blobs/uploads/');
}

/** Starts a proxy on a loopback port of its own in front of `target` (`host:port`). */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const exchanges: ProxiedExchange[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers, socket } = incoming;
    // A client that gives up while nobody reads its body is no failure of the proxy.
    incoming.on('error', () => undefined);
    const fault = proxy.intercept({ method, url, headers });
    const seen = { bytes: 0 };
    outgoing.on('close', () => {
      exchanges.push({
        method,
        url,
        status: outgoing.headersSent ? outgoing.statusCode : 0,
        bytes: seen.bytes,
      });
    });
    void play(fault, target, incoming, outgoing, seen).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const proxy: FaultProxy = {
    host: `127.0.0.1:${address.port}`,
    exchanges,
    intercept: () => undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

async function play(
  fault: Fault | undefined,
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  seen: { bytes: number },
): Promise<void> {
  if (fault === undefined) return await forward(target, incoming, outgoing, seen, Infinity);
  const { socket } = incoming;
  if (fault.kind === 'cut') return await forward(target, incoming, outgoing, seen, fault.afterBytes);
  const stop = fault.kind === 'reset' ? (fault.afterBytes ?? 0) : Infinity;
  if (stop > 0) {
    for await (const chunk of counted(incoming, seen)) if (chunk.length >= 0 && seen.bytes >= stop) break;
  }
  if (fault.kind === 'reset') socket.resetAndDestroy();
  if (fault.kind === 'answer') outgoing.writeHead(fault.status, { ...fault.headers }).end(fault.body ?? '');
}

async function forward(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  seen: { bytes: number },
  cutAfter: number,
): Promise<void> {
  const [host, port] = target.split(':');
  const { method, url, headers, socket } = incoming;
  const onward = httpRequest({ host, port, method, path: url, headers });
  const sending = pipeline(incoming, (chunks: AsyncIterable<Buffer>) => counted(chunks, seen), onward);
  const [answer] = (await once(onward, 'response')) as [IncomingMessage];
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  outgoing.flushHeaders();
  let left = cutAfter;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    outgoing.write(chunk.subarray(0, left));
    left -= chunk.length;
    if (left > 0) continue;
    socket.destroySoon();
    return;
  }
  outgoing.end();
  await sending;
}

async function* counted(chunks: AsyncIterable<Buffer>, seen: { bytes: number }): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    seen.bytes += chunk.length;
    yield chunk;
  }
}

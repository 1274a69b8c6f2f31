import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { engineEndpoint } from '../engine-endpoint.ts';
import { refusalOf, type Runtime } from './authorization.ts';

export interface AuthorizationProxyOptions {
  /** Loopback address on which it listens; 127.0.0.1 where absent. */
  readonly address?: string;
  /** The Docker service of a step has 2375; any that is free where absent. */
  readonly port?: number;
  readonly runtime: Runtime;
  /** The only folder that containers may be given, with those below it. */
  readonly cloneFolder: string;
  /** The engine behind it; the machine's own by default. */
  readonly engine?: string;
  /** The status of refusals; 403 where absent, as plugins have it. */
  readonly status?: number;
}

/** The Docker service of a Pipelines step: an engine over TCP behind the rules of its authorization plugin. */
export interface AuthorizationProxy extends AsyncDisposable {
  /** As DOCKER_HOST has it. */
  readonly host: string;
  /** What it refused, in order. */
  readonly refusals: readonly string[];
  /** How many calls reached the engine. */
  calls(): number;
}

/** Starts the proxy; connections that are upgraded (BuildKit's, those of attached programs) pass through as they are. */
export async function startAuthorizationProxy(
  options: AuthorizationProxyOptions,
): Promise<AuthorizationProxy> {
  const refusals: string[] = [];
  let calls = 0;
  const sockets = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    calls++;
    void handle(incoming, outgoing, options, refusals).catch(() => outgoing.destroy());
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    calls++;
    tunnel(incoming, socket, head, options.engine);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const { address = '127.0.0.1', port = 0 } = options;
  server.listen(port, address);
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return {
    host: `tcp://${address}:${bound.port}`,
    refusals,
    calls: () => calls,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { runtime, cloneFolder, engine, status = 403 }: AuthorizationProxyOptions,
  refusals: string[],
): Promise<void> {
  const { method = '', url = '' } = incoming;
  const isJson = incoming.headers['content-type']?.startsWith('application/json') === true;
  const body = isJson ? await buffer(incoming) : undefined;
  const call = { method, path: url.split('?')[0] ?? '', body: body?.length ? parse(body) : {} };
  const refusal = runtime === 'v2' ? refusalOf(call, cloneFolder) : undefined;
  if (refusal === undefined) return await forward(incoming, outgoing, body, engine);
  refusals.push(refusal);
  const message = `authorization denied by plugin pipelines: ${refusal}`;
  incoming.resume();
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
}

function parse(body: Buffer): unknown {
  return JSON.parse(body.toString('utf8'));
}

async function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  body: Buffer | undefined,
  engine: string | undefined,
): Promise<void> {
  const { method, url: path, headers } = incoming;
  const onward = httpRequest({ ...engineEndpoint(engine), method, path, headers });
  outgoing.on('close', () => onward.destroy());
  const answered = answer(onward, outgoing);
  if (body === undefined) await pipeline(incoming, onward);
  else onward.end(body);
  await answered;
}

async function answer(onward: ClientRequest, outgoing: ServerResponse): Promise<void> {
  const [response] = (await once(onward, 'response')) as [IncomingMessage];
  outgoing.writeHead(response.statusCode ?? 502, response.headers);
  // Without it a client that waits for the head of a long answer waits for ever.
  outgoing.flushHeaders();
  await pipeline(response, outgoing);
}

function tunnel(incoming: IncomingMessage, client: Socket, head: Buffer, engine: string | undefined): void {
  const endpoint = engineEndpoint(engine);
  const upstream = connect('socketPath' in endpoint ? { path: endpoint.socketPath } : endpoint);
  const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
  for (let at = 0; at < incoming.rawHeaders.length; at += 2)
    lines.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`);
  upstream.write(`${lines.join('\r\n')}\r\n\r\n`);
  upstream.write(head);
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    from.on('error', () => to.destroy());
    from.pipe(to);
  }
}

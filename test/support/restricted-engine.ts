import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

/** The tests' engine behind an authorization plugin as Bitbucket Pipelines has it. */
export interface RestrictedEngine extends AsyncDisposable {
  /** As DOCKER_HOST has it. */
  readonly host: string;
}

interface HostConfig {
  readonly Privileged?: boolean;
  readonly Mounts?: readonly unknown[];
  readonly SecurityOpt?: readonly unknown[];
}

/** Refuses containers in the words of that plugin; everything else goes through. */
export async function startRestrictedEngine(): Promise<RestrictedEngine> {
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    host: `tcp://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  if (!/\/containers\/create(\?|$)/.test(incoming.url ?? ''))
    return await forward(incoming, incoming, outgoing);
  const body = await text(incoming);
  const { HostConfig = {} } = JSON.parse(body) as { readonly HostConfig?: HostConfig };
  const refused = refusalOf(HostConfig);
  if (refused === undefined) return await forward(incoming, [body], outgoing);
  const message = `authorization denied by plugin pipelines: ${refused} is not allowed`;
  outgoing.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
}

function refusalOf({ Privileged, Mounts = [], SecurityOpt = [] }: HostConfig): string | undefined {
  if (Privileged === true) return '--privileged=true';
  if (Mounts.length > 0) return '--mounts';
  return SecurityOpt.length > 0 ? '--security-opt' : undefined;
}

async function forward(
  { method, url, headers }: IncomingMessage,
  body: AsyncIterable<unknown> | Iterable<string>,
  outgoing: ServerResponse,
): Promise<void> {
  const host = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  const { hostname, port, pathname, protocol } = new URL(host);
  const place = protocol === 'unix:' ? { socketPath: pathname } : { host: hostname, port };
  const onward = request({ ...place, method, path: url, headers });
  const answered = once(onward, 'response');
  await pipeline(body, onward);
  const [answer] = (await answered) as [IncomingMessage];
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  await pipeline(answer, outgoing);
}

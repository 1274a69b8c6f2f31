import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

/** Something that listens where an engine should, and answers as the test says. */
export interface EngineServer extends AsyncDisposable {
  /** As DOCKER_HOST has it. */
  readonly host: string;
  readonly seen: readonly SeenRequest[];
}

/** Listens on a loopback port of its own until it is disposed of; with `tls` over TLS. */
export async function serveEngine(listener: RequestListener, tls?: ServerOptions): Promise<EngineServer> {
  const seen: SeenRequest[] = [];
  const recorded: RequestListener = (request, response) => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    request.resume();
    listener(request, response);
  };
  const server: Server = tls === undefined ? createServer(recorded) : createTlsServer(tls, recorded);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('it has no port');
  return {
    host: `tcp://127.0.0.1:${address.port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';

/** One address in front of several servers. */
export interface FrontServer extends AsyncDisposable {
  readonly url: string;
}

/** Starts a server on loopback that hands each request on to the one that `serverOf` gives for its path. */
export async function frontFor(serverOf: (path: string) => string): Promise<FrontServer> {
  const server = createServer((incoming, response) => {
    const { method, headers, url: path = '/' } = incoming;
    const asked = ask(new URL(path, serverOf(path)), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    asked.once('error', () => response.destroy());
    incoming.pipe(asked);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

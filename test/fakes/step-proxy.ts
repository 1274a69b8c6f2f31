import { once } from 'node:events';
import { createServer } from 'node:http';

/** The proxy of a step of Pipelines, which adds a credential of its own to calls of the API. */
export interface FakeStepProxy extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly address: string;
  /** Addresses as they were asked for, with the credential that came with each. */
  readonly seen: readonly { readonly url: string; readonly authorization: string | undefined }[];
}

/** Starts a proxy that takes absolute addresses over plain HTTP only, as the real one does. */
export async function startFakeStepProxy(authorization: string): Promise<FakeStepProxy> {
  const seen: { readonly url: string; readonly authorization: string | undefined }[] = [];
  const server = createServer((incoming, response) => {
    const { url = '', headers } = incoming;
    seen.push({ url, authorization: headers.authorization });
    if (!url.startsWith('http://')) {
      response.writeHead(400).end();
      return;
    }
    fetch(url, { headers: { authorization } }).then(
      async (answer) => response.writeHead(answer.status).end(await answer.text()),
      () => response.writeHead(502).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    address: `http://127.0.0.1:${address.port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

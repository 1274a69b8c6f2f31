import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const REGISTRY = 'https://registry.npmjs.org';
/** What the registry itself says of tarballs and of metadata; mirrors in front of it may leave it out. */
const TARBALLS = 'public, immutable, max-age=31557600';
const METADATA = 'public, max-age=300';

/** npm's registry on a loopback port, which counts. */
export interface NpmProxy extends AsyncDisposable {
  /** As `.npmrc` names it. */
  readonly address: string;
  /** Requests, and bytes of the bodies of answers, since the start or the last call. */
  take(): { readonly requests: number; readonly bytes: number };
}

/** Starts a proxy in front of npm's registry. */
export async function startNpmProxy(): Promise<NpmProxy> {
  let [requests, bytes] = [0, 0];
  const answer = async (path: string, accept: string, response: ServerResponse): Promise<void> => {
    requests++;
    const answered = await fetch(`${REGISTRY}${path}`, { headers: { accept } });
    const told = answered.headers.get('cache-control') ?? (path.endsWith('.tgz') ? TARBALLS : METADATA);
    const type = answered.headers.get('content-type') ?? '';
    response.writeHead(answered.status, { 'content-type': type, 'cache-control': told });
    const counted = async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const chunk of answered.body ?? []) {
        bytes += chunk.length;
        yield chunk;
      }
    };
    await pipeline(Readable.from(counted()), response);
  };
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    // A client that gives up is no failure of the proxy.
    answer(url, headers.accept ?? '*/*', response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    address: `http://127.0.0.1:${address.port}/`,
    take() {
      const taken = { requests, bytes };
      [requests, bytes] = [0, 0];
      return taken;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

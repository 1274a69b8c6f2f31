import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { tarOf } from '../../src/oci/tar-writer.ts';
import { fileEntry } from './engine.ts';

/** An npm registry on loopback that gives its one package to who has a token that counts. */
export interface PrivateNpm extends AsyncDisposable {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  /** How often it gave the package out, and how often it refused. */
  readonly served: number;
  readonly refused: number;
}

const NAME = 'private-thing';

/** Starts the registry; `tokens` are those that count. */
export async function startPrivateNpm(tokens: readonly string[]): Promise<PrivateNpm> {
  const tarball = await packageOf('module.exports = "from the private registry";\n');
  const counts = { served: 0, refused: 0 };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (!tokens.some((token) => request.headers.authorization === `Bearer ${token}`)) {
      counts.refused++;
      response.writeHead(401).end('{"error":"unauthorized"}');
    } else if (request.url === `/${NAME}`) {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(metadataOf(tarball, host)));
    } else if (request.url === `/${NAME}/-/${NAME}-1.0.0.tgz`) {
      counts.served++;
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(tarball);
    } else {
      response.writeHead(404).end('{}');
    }
  };
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  return {
    host,
    get served() {
      return counts.served;
    },
    get refused() {
      return counts.refused;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function packageOf(main: string): Promise<Buffer> {
  const json = JSON.stringify({ name: NAME, version: '1.0.0', main: 'index.js' });
  const entries = [fileEntry('package/package.json', json), fileEntry('package/index.js', main)];
  return gzipSync(Buffer.concat(await Array.fromAsync(tarOf(entries))));
}

function metadataOf(tarball: Buffer, host: string) {
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const dist = { tarball: `http://${host}/${NAME}/-/${NAME}-1.0.0.tgz`, integrity };
  return {
    name: NAME,
    'dist-tags': { latest: '1.0.0' },
    versions: { '1.0.0': { name: NAME, version: '1.0.0', dist } },
  };
}

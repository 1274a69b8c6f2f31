import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import assert from 'node:assert/strict';
import { z } from 'zod';

const Batch = z.object({ objects: z.array(z.object({ oid: z.string(), size: z.number() })) });
const TYPE = 'application/vnd.git-lfs+json';

/** A Git LFS server that has some objects: the batch API with basic transfer, downloads only. */
export interface LfsServer extends AsyncDisposable {
  readonly url: string;
  /** The objects that were fetched. */
  readonly fetched: readonly string[];
}

/** Starts a server on loopback (https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md). */
export async function startLfsServer(contents: readonly string[]): Promise<LfsServer> {
  const objects = new Map(contents.map((text) => [createHash('sha256').update(text).digest('hex'), text]));
  const fetched: string[] = [];
  const answerBatch = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answers = Batch.parse(await json(request)).objects.map(({ oid, size }) =>
      objects.has(oid)
        ? { oid, size, actions: { download: { href: `${url}/content/${oid}` } } }
        : { oid, size, error: { code: 404, message: 'Object does not exist' } },
    );
    response.writeHead(200, { 'content-type': TYPE });
    response.end(JSON.stringify({ transfer: 'basic', objects: answers }));
  };
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path.endsWith('/objects/batch')) {
      void answerBatch(request, response);
      return;
    }
    const oid = path.split('/').at(-1) ?? '';
    const text = objects.get(oid);
    fetched.push(oid);
    response.writeHead(text === undefined ? 404 : 200);
    response.end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    fetched,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { createHttpSender } from '../../../../src/adapters/oras/direct/http-exchange.ts';
import { digestOf } from '../../../../src/oci/digest.ts';
import { answer, askAbout, openDirect, startScripted, textOf } from '../../../support/direct.ts';
import { testSignal } from '../../../support/staged-image.ts';
import { listenOnLoopback } from '../../../support/listen.ts';

const BLOB = { kind: 'blob', reference: digestOf('bytes'), of: 'content' } as const;
const MANIFEST = '{"schemaVersion":2}';
const TYPE = 'application/vnd.oci.image.manifest.v1+json';

describe('the connections of the direct way', () => {
  it('are kept for the next request', async () => {
    await using server = await startCounting((_, response) => void response.end('bytes'));
    const direct = openDirect();
    const question = { registry: server.host, repository: 'a/b', wanted: BLOB };
    for (let round = 0; round < 3; round++)
      assert.equal(textOf(await direct.ask(question, { signal: testSignal() })), 'bytes');
    assert.equal(server.connections(), 1);
  });

  it('are made anew where the server closed one that was kept, for reads and for tags', async () => {
    await using server = await startCounting((request, response, before) => {
      if (before > 0) request.socket.destroy();
      else if (request.method === 'PUT') response.writeHead(201).end();
      else if (request.url?.includes('manifests')) response.setHeader('content-type', TYPE).end(MANIFEST);
      else response.end('bytes');
    });
    const direct = openDirect();
    const question = { registry: server.host, repository: 'a/b', wanted: BLOB };
    for (let round = 0; round < 3; round++)
      assert.equal(textOf(await direct.ask(question, { signal: testSignal() })), 'bytes');
    const tagging = { registry: server.host, repository: 'a/b', digest: digestOf(MANIFEST), tags: ['v1'] };
    assert.equal((await direct.tag(tagging, { signal: testSignal() })).kind, 'found');
    assert.equal(server.connections(), 5);
  });

  it('are used once by a request whose answer is too long or breaks off', async () => {
    for (const end of ['long', 'cut']) {
      let asked = 0;
      await using server = await startCounting((request, response, before) => {
        asked++;
        if (before === 0) response.end('ok');
        else if (end === 'long') response.end('x'.repeat(100_000));
        else response.writeHead(200, { 'content-length': '9' }).write('x', () => request.socket.destroy());
      });
      const send = createHttpSender();
      const request = { method: 'GET', url: new URL(`http://${server.host}/`), headers: {} } as const;
      const options = { signal: testSignal() };
      await send({ ...request, mostBytes: 1_000 }, options);
      await assert.rejects(send({ ...request, mostBytes: 1_000 }, options), /longer than 1000|aborted/);
      assert.equal(asked, 2, end);
    }
  });

  it('are closed after they have waited for long', async () => {
    await using server = await startCounting((_, response) => void response.end('bytes'));
    const send = createHttpSender({ keptMs: 30 });
    const request = { method: 'GET', url: new URL(`http://${server.host}/`), headers: {} } as const;
    await send({ ...request, mostBytes: 9 }, { signal: testSignal() });
    await setTimeout(300);
    assert.equal(server.open(), 0);
    await send({ ...request, mostBytes: 9 }, { signal: testSignal() });
    assert.equal(server.connections(), 2);
  });

  it('keep no program running', async () => {
    await using server = await startCounting((_, response) => void response.end('bytes'));
    const ended = await execa(process.execPath, ['test/support/ask-directly.ts', server.host], {
      timeout: 15_000,
    });
    assert.equal(ended.stdout, 'found');
  });

  it('lead to this machine alone where there may be a proxy', async () => {
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']) {
      const environment = { [name]: 'http://proxy.example.org:3128' };
      await using registry = await startScripted(() => answer(200, 'bytes'));
      assert.equal(textOf(await askAbout(registry.host, BLOB, { environment })), 'bytes');
      // An address that leads to this machine, which the product does not know as one.
      const elsewhere = registry.host.replace('127.0.0.1', '[::ffff:127.0.0.1]');
      const plainHttp = [elsewhere];
      assert.equal(textOf(await askAbout(elsewhere, BLOB, { plainHttp })), 'bytes');
      const asked = registry.requests.length;
      const found = await askAbout(elsewhere, BLOB, { environment, plainHttp });
      assert.deepEqual(found, { kind: 'unsettled', why: 'there may be a proxy in between' });
      assert.equal(registry.requests.length, asked);
      await using redirecting = await startScripted(() =>
        answer(307, '', { location: `http://${elsewhere}/` }),
      );
      assert.equal(textOf(await askAbout(redirecting.host, BLOB)), 'bytes');
      assert.equal(textOf(await askAbout(redirecting.host, BLOB, { environment })), 'unsettled');
    }
  });
});

/** A server that keeps connections for ever; `before` says how many requests came over the same one. */
async function startCounting(
  answer: (request: IncomingMessage, response: ServerResponse, before: number) => void,
) {
  const seen = new Map<Socket, number>();
  const open = new Set<Socket>();
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    const before = seen.get(request.socket) ?? 0;
    seen.set(request.socket, before + 1);
    request.resume();
    answer(request, response, before);
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const port = await listenOnLoopback(server);
  return {
    host: `127.0.0.1:${port}`,
    connections: () => seen.size,
    open: () => open.size,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

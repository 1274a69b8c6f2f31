import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callEngine, engineAt, engineVersion, streamError } from '../../setup/engine-api.mjs';

describe('the engine that set-up asks', () => {
  it('is the one that DOCKER_HOST names, else the standard socket', () => {
    assert.deepEqual(engineAt(undefined)?.connection, { socketPath: '/var/run/docker.sock' });
    assert.deepEqual(engineAt('')?.connection, { socketPath: '/var/run/docker.sock' });
    assert.deepEqual(engineAt('unix:///run/user/1000/podman.sock')?.connection, {
      socketPath: '/run/user/1000/podman.sock',
    });
    assert.deepEqual(engineAt('tcp://10.0.0.1:2376')?.connection, { host: '10.0.0.1', port: 2376 });
    assert.deepEqual(engineAt('tcp://10.0.0.1')?.connection, { host: '10.0.0.1', port: 2375 });
    assert.equal(engineAt('ssh://me@host'), undefined);
  });

  it('tells its version, or is taken as absent', async () => {
    await using engine = await listen((request, response) => {
      response.end(request.url === '/_ping' ? 'OK' : '{"Version":"26.1.5"}');
    });
    assert.equal(await engineVersion(engine), '26.1.5');
    await using broken = await listen((_request, response) => response.writeHead(500).end());
    assert.equal(await engineVersion(broken), undefined);
    assert.equal(
      await engineVersion({ address: '', local: true, connection: { socketPath: '/nowhere' } }),
      undefined,
    );
  });

  it('may refuse a body before it has read it', async () => {
    await using engine = await listen((request, response) => {
      response.writeHead(507, { connection: 'close' }).end('no space', () => request.destroy());
    });
    const stream = endless();
    const call = callEngine(engine, '/build', { method: 'POST', stream, idleSeconds: 20 });
    // Whether the answer or the hang-up comes first is the network's choice; neither may hang or count as done.
    const status = await call.then((answer) => answer.status).catch(() => 507);
    assert.equal(status, 507);
  });

  it('carries its failures in answers of 200', () => {
    assert.equal(
      streamError('{"status":"Pulling"}\r\n{"errorDetail":{"message":"x"},"error":"no such host"}\r\n'),
      'no such host',
    );
    assert.equal(streamError('{"message":"No such image"}\n'), 'No such image');
    assert.equal(streamError('{"status":"Status: Downloaded newer image"}\r\n'), undefined);
    assert.equal(streamError(''), undefined);
  });
});

async function* endless(): AsyncGenerator<Buffer> {
  for (;;) yield await Promise.resolve(Buffer.alloc(65_536));
}

async function listen(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    local: false,
    connection: { host: '127.0.0.1', port },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

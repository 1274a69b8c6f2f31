import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tcpProbe } from '../../src/start/tcp-probe.ts';
import { SIGNAL } from './memory-store.ts';

async function answers(greet: (socket: Socket) => void): Promise<boolean> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    greet(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await tcpProbe.answers('127.0.0.1', (server.address() as AddressInfo).port, SIGNAL);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
}

describe('tcpProbe', () => {
  it('takes a server that waits and one that speaks first for an answer', async () => {
    assert.equal(await answers(() => undefined), true);
    assert.equal(await answers((socket) => socket.write('220 ready\r\n')), true);
    assert.equal(await answers((socket) => socket.end('too busy\r\n')), true);
  });

  it('does not take a proxy with nothing behind it for an answer', async () => {
    assert.equal(await answers((socket) => socket.end()), false);
    assert.equal(await answers((socket) => socket.resetAndDestroy()), false);
  });

  it('tells a port on which nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    assert.equal(await tcpProbe.answers('127.0.0.1', port, SIGNAL), false);
  });

  it('throws when it is called off', async () => {
    const signal = AbortSignal.abort(new Error('called off'));
    await assert.rejects(tcpProbe.answers('127.0.0.1', 1, { signal }), /called off/);
  });
});

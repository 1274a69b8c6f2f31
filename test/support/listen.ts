import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:net';

/** Has a server listen on a loopback port that is free, and tells which. */
export async function listenOnLoopback(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

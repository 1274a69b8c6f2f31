import { once } from 'node:events';
import { connect } from 'node:net';
import { withDeadline } from '../kernel/deadline.ts';
import type { PortProbe } from './port-probe.ts';

const CONNECT_MS = 2_000;

/** How long a connection must stay open to count. */
const SETTLE_MS = 250;

/**
 * Probes by a TCP connection. That it is taken proves nothing: the engine's own proxy takes it on every published port
 * and closes it when nothing listens inside (https://github.com/moby/moby/blob/v26.1.5/cmd/docker-proxy/tcp_proxy.go).
 * So a port answers when the connection brings bytes or is still open a moment later.
 */
export const tcpProbe: PortProbe = {
  async answers(host, port, { signal }) {
    const socket = connect({ host, port });
    const failures: unknown[] = [];
    socket.on('error', (thrown) => failures.push(thrown));
    try {
      await once(socket, 'connect', { signal: withDeadline(signal, CONNECT_MS) });
      return await staysOpen(socket, signal);
    } catch {
      signal.throwIfAborted();
      return false;
    } finally {
      socket.destroy();
    }
  },
};

async function staysOpen(socket: ReturnType<typeof connect>, signal: AbortSignal): Promise<boolean> {
  const settled = new AbortController();
  const settledSignal = AbortSignal.any([signal, settled.signal, AbortSignal.timeout(SETTLE_MS)]);
  try {
    return await Promise.race([
      once(socket, 'data', { signal: settledSignal }).then(() => true),
      once(socket, 'end', { signal: settledSignal }).then(() => false),
      once(socket, 'close', { signal: settledSignal }).then(() => false),
    ]);
  } catch {
    signal.throwIfAborted();
    return !socket.destroyed;
  } finally {
    settled.abort();
  }
}

import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { pipeline } from 'node:stream/promises';

/** One request and its answer, as they passed. */
export interface Exchange {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** 0 where nothing was answered. */
  readonly status: number;
  /** Bytes of the request's body. */
  readonly up: number;
  /** Bytes of the answer's body. */
  readonly down: number;
  /** Whether the answer's body began as a JSON object does: manifests and configs do, layers do not. */
  readonly json: boolean;
}

/** An HTTP proxy in front of a registry that counts and changes nothing. */
export interface CountingProxy extends AsyncDisposable {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  /** What passed since the start or the last call; waits for exchanges that are under way. */
  take(): Promise<readonly Exchange[]>;
}

const MILLISECONDS_BETWEEN_LOOKS = 5;
const BRACE = 0x7b;

/** Starts a proxy on a loopback port of its own in front of `target` (`host:port`). */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const exchanges: Exchange[] = [];
  const agent = new Agent({ keepAlive: true });
  const open = new Set<Passing>();
  const server = createServer((incoming, outgoing) => {
    const passing = new Passing();
    open.add(passing);
    outgoing.once('close', () => {
      open.delete(passing);
      exchanges.push(passing.exchange(incoming, outgoing));
    });
    // A client that gives up is no failure of the proxy.
    incoming.on('error', () => undefined);
    void forward(target, agent, incoming, outgoing, passing).catch(() => incoming.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    host: `127.0.0.1:${address.port}`,
    async take() {
      while (open.size > 0) await sleep(MILLISECONDS_BETWEEN_LOOKS);
      return exchanges.splice(0);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      agent.destroy();
    },
  };
}

/** What has passed of one exchange so far. */
class Passing {
  up = 0;
  down = 0;
  json = false;

  async *sent(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.up += chunk.length;
      yield chunk;
    }
  }

  async *answered(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      if (this.down === 0) this.json = chunk[0] === BRACE;
      this.down += chunk.length;
      yield chunk;
    }
  }

  exchange({ method = '', url = '' }: IncomingMessage, outgoing: ServerResponse): Exchange {
    const status = outgoing.headersSent ? outgoing.statusCode : 0;
    const { up, down, json } = this;
    return { method, url, status, up, down, json };
  }
}

async function forward(
  target: string,
  agent: Agent,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  passing: Passing,
): Promise<void> {
  const [host, port] = target.split(':');
  // Node has answered `Expect: 100-continue` already.
  const { expect: _, ...headers } = incoming.headers;
  const onward = request({ agent, host, port, method: incoming.method, path: incoming.url, headers });
  const sending = pipeline(incoming, (chunks: AsyncIterable<Buffer>) => passing.sent(chunks), onward);
  const [[answer]] = (await Promise.all([once(onward, 'response'), sending])) as [[IncomingMessage], void];
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  await pipeline(answer, (chunks: AsyncIterable<Buffer>) => passing.answered(chunks), outgoing);
}

import { once } from 'node:events';
import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net';
import { engineEndpoint } from './engine-endpoint.ts';

/** Where an answer breaks off: `between-frames` is where a program's output would end well, too. */
export type Break = 'anywhere' | 'between-frames';

/** A TCP proxy in front of the machine's engine whose connections can be broken. */
export interface EngineProxy extends AsyncDisposable {
  /** As DOCKER_HOST has it. */
  readonly host: string;
  /** Breaks every connection, and takes no new one from now on. */
  cut(): void;
  /**
   * Breaks off the first answer that brings at least so many bytes, as a proxy does that loses patience; the engine
   * stays. Resolves when it has happened.
   */
  breakAnswerAt(bytes: number, where: Break): Promise<void>;
  /** Lets the first answer that brings so many bytes go no further. Resolves when it has happened. */
  holdAnswerAt(bytes: number): Promise<void>;
  /**
   * Lets no removal of a container through before what this resolves with is called: when one has been asked for, once
   * a container was made through this proxy. Before that a run removes what dead ones left.
   */
  holdRemoval(): Promise<() => void>;
}

interface Limit {
  readonly bytes: number;
  readonly where: Break | 'held';
  readonly reached: () => void;
}

/** How such a request begins (Engine API, `ContainerDelete`). */
const REMOVAL = /^DELETE \/(?:v[\d.]+\/)?containers\//;
const CREATION = /^POST \/(?:v[\d.]+\/)?containers\/create/;

export async function startEngineProxy(): Promise<EngineProxy> {
  const sockets = new Set<Socket>();
  let limit: Limit | undefined;
  let hasMade = false;
  let onRemoval: ((release: () => void) => void) | undefined;
  const server = createServer((client) => {
    const engine = connect(engineSocket());
    for (const socket of [client, engine]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroySoon();
        engine.destroySoon();
      });
    }
    const pass = (chunk: Buffer): void => {
      if (!engine.write(chunk)) client.pause();
    };
    client.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1', 0, 256);
      hasMade ||= CREATION.test(text);
      if (onRemoval === undefined || !hasMade || !REMOVAL.test(text)) return pass(chunk);
      onRemoval(() => pass(chunk));
      onRemoval = undefined;
    });
    engine.on('drain', () => client.resume());
    client.on('drain', () => engine.resume());
    const frames = frameFollower();
    let answered = 0;
    engine.on('data', (chunk: Buffer) => {
      const end = limit && breakIn(chunk, answered, limit, frames);
      answered += chunk.length;
      if (end === undefined) {
        if (!client.write(chunk)) engine.pause();
        return;
      }
      if (limit?.where === 'held') {
        engine.pause();
        engine.removeAllListeners('data');
        client.removeAllListeners('drain');
      } else {
        client.end(chunk.subarray(0, end));
        engine.destroy();
      }
      limit?.reached();
      limit = undefined;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const cut = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return {
    host: `tcp://127.0.0.1:${address.port}`,
    cut,
    async breakAnswerAt(bytes, where) {
      const { promise, resolve } = Promise.withResolvers<void>();
      limit = { bytes, where, reached: resolve };
      await promise;
    },
    async holdAnswerAt(bytes) {
      const { promise, resolve } = Promise.withResolvers<void>();
      limit = { bytes, where: 'held', reached: resolve };
      await promise;
    },
    async holdRemoval() {
      const { promise, resolve } = Promise.withResolvers<() => void>();
      onRemoval = resolve;
      return await promise;
    },
    async [Symbol.asyncDispose]() {
      cut();
      if (server.listening) await once(server, 'close');
    },
  };
}

/** How much of a chunk still passes, where the answer breaks off within it. */
function breakIn(
  chunk: Buffer,
  before: number,
  { bytes, where }: Limit,
  frames: FrameFollower,
): number | undefined {
  const wanted = Math.max(bytes - before, 0);
  if (where !== 'between-frames') return wanted < chunk.length ? wanted : undefined;
  return frames.ends(chunk).find((end) => end >= wanted);
}

interface FrameFollower {
  /** Where in a chunk frames end; none in an answer that is no multiplexed stream. */
  ends(chunk: Buffer): readonly number[];
}

const STREAM = /^content-type: application\/vnd\.docker\.(raw|multiplexed)-stream\r?$/im;

/** Follows a program's output (Engine API, "Stream format"): headers up to an empty line, then frames to the end. */
function frameFollower(): FrameFollower {
  let begun = false;
  let left = 0;
  let header = Buffer.alloc(0);
  return {
    ends(chunk) {
      const ends: number[] = [];
      let at = 0;
      if (!begun) {
        const end = chunk.indexOf('\r\n\r\n');
        if (end < 0 || !STREAM.test(chunk.toString('latin1', 0, end))) return [];
        begun = true;
        at = end + 4;
      }
      while (at < chunk.length) {
        if (left > 0) {
          const taken = Math.min(left, chunk.length - at);
          left -= taken;
          at += taken;
          if (left === 0) ends.push(at);
          continue;
        }
        const taken = chunk.subarray(at, at + 8 - header.length);
        header = Buffer.concat([header, taken]);
        at += taken.length;
        if (header.length < 8) break;
        left = header.readUInt32BE(4);
        header = Buffer.alloc(0);
      }
      return ends;
    },
  };
}

function engineSocket(): NetConnectOpts {
  const endpoint = engineEndpoint();
  return 'socketPath' in endpoint ? { path: endpoint.socketPath } : endpoint;
}

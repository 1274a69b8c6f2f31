import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { Server, ServerCredentials, status, type ServerDuplexStream } from '@grpc/grpc-js';
import type Docker from 'dockerode';
import { messageOf } from '../../../kernel/failure.ts';
import { post } from './post.ts';
import { filesFor, type SessionFolders } from './session-folders.ts';
import { sendFiles } from './send-files.ts';

/** A connection over which the engine asks for a build's files while it builds. */
export interface BuildSession extends Disposable {
  readonly id: string;
  /** What went wrong while files were sent, if anything did; the engine then tells of the build's failure only. */
  failure(): unknown;
}

const CHECK_PATH = '/grpc.health.v1.Health/Check';
const SYNC_PATH = '/moby.filesync.v1.FileSync/DiffCopy';

/** `HealthCheckResponse{status: SERVING}`; without an answer BuildKit drops the session after some seconds. */
const SERVING = Buffer.from([0x08, 0x01]);

const BYTES = {
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
};

type SyncCall = ServerDuplexStream<Buffer, Buffer>;

/**
 * Opens a BuildKit session on the engine (`POST /session`): a gRPC server of ours behind the upgraded connection, that
 * gives out the folders and nothing else, neither secrets nor credentials. It lasts until it is disposed of.
 *
 * Each session has a key of its own: with a shared one BuildKit takes files from an earlier build that agree in size
 * and time (https://github.com/moby/buildkit/blob/v0.13.2/source/local/source.go, `sharedKey`), and ours all do.
 */
export async function openSession(
  docker: Docker,
  folders: SessionFolders,
  signal: AbortSignal,
): Promise<BuildSession> {
  const id = randomUUID();
  const socket = await upgradedConnection(docker, id, signal);
  let failure: unknown;
  const server = createServer((call) => {
    syncFolder(call, folders).catch((thrown: unknown) => {
      // A build that fails elsewhere breaks its transfers off.
      if (call.cancelled) return;
      failure ??= thrown;
      call.emit('error', { code: status.INTERNAL, details: messageOf(thrown) });
    });
  });
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  injector.injectConnection(socket);
  return {
    id,
    failure: () => failure,
    [Symbol.dispose]() {
      server.forceShutdown();
      socket.destroy();
    },
  };
}

function createServer(sync: (call: SyncCall) => void): Server {
  const server = new Server();
  server.addService(
    { check: { path: CHECK_PATH, requestStream: false, responseStream: false, ...BYTES } },
    { check: (_call: unknown, answer: (failure: null, bytes: Buffer) => void) => answer(null, SERVING) },
  );
  server.addService(
    { sync: { path: SYNC_PATH, requestStream: true, responseStream: true, ...BYTES } },
    { sync },
  );
  return server;
}

async function syncFolder(call: SyncCall, folders: SessionFolders): Promise<void> {
  const asked = (key: string): readonly string[] => call.metadata.get(key).map(String);
  // A call that is broken off never drains.
  const broken = new AbortController();
  call.once('cancelled', () => broken.abort());
  const files = filesFor(folders, asked('dir-name')[0], asked('followpaths'));
  await sendFiles(files, {
    // Not destroyed when reading ends early: the status that says why is still to be sent.
    received: call.iterator({ destroyOnReturn: false }),
    send: async (packet) => {
      if (!call.write(packet)) await once(call, 'drain', { signal: broken.signal });
    },
    end: () => void call.end(),
  });
}

function same(value: Buffer): Buffer {
  return value;
}

async function upgradedConnection(docker: Docker, id: string, signal: AbortSignal): Promise<Duplex> {
  const headers = {
    Upgrade: 'h2c',
    'X-Docker-Expose-Session-Uuid': id,
    'X-Docker-Expose-Session-Name': 'preheat',
    'X-Docker-Expose-Session-Sharedkey': id,
    'X-Docker-Expose-Session-Grpc-Method': [CHECK_PATH, SYNC_PATH],
  };
  const answer = await post(docker, { path: '/session', headers, answer: 'connection', signal });
  if (answer instanceof Duplex) return answer;
  throw new Error('the engine opened no session');
}

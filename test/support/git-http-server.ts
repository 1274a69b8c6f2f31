import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtempDisposable, symlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface GitServerOptions {
  /** Repositories on the disk by their path on the server, such as `team/app`. */
  readonly repositories: Readonly<Record<string, string>>;
  /**
   * The highest version of git's protocol that it speaks. With 2 a client may ask for any object; with 0 only for what
   * the repository's `uploadpack.allow…SHA1InWant` allow (https://git-scm.com/docs/protocol-v2).
   */
  readonly protocol?: 0 | 2;
}

/** A server of `git http-backend` on loopback that lets everybody read. */
export interface GitServer extends AsyncDisposable {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
}

/** Starts a server; what is written into its repositories afterwards is served too. */
export async function startGitServer({ repositories, protocol = 2 }: GitServerOptions): Promise<GitServer> {
  await using stack = new AsyncDisposableStack();
  const root = stack.use(await mkdtempDisposable(join(tmpdir(), 'preheat-git-server-')));
  for (const [path, directory] of Object.entries(repositories)) {
    await mkdir(dirname(join(root.path, path)), { recursive: true });
    await symlink(directory, join(root.path, path));
  }
  const server = createServer((request, response) => {
    // A client that goes away in the middle is no failure of the server.
    void answer(request, response, root.path, protocol).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const owned = stack.move();
  return {
    host: `127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

/** One request through CGI (https://git-scm.com/docs/git-http-backend). */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  root: string,
  protocol: 0 | 2,
): Promise<void> {
  const backend = spawn('git', ['http-backend'], {
    env: environmentOf(request, root, protocol),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  response.once('close', () => backend.kill());
  const sending = pipeline(request, backend.stdin).catch(() => undefined);
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of backend.stdout as AsyncIterable<Buffer>) {
    if (head === undefined) {
      if (!response.write(chunk)) await once(response, 'drain');
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) continue;
    writeHead(response, head.toString('latin1', 0, end));
    response.write(head.subarray(end + 4));
    head = undefined;
  }
  response.end();
  await sending;
}

function environmentOf(request: IncomingMessage, root: string, protocol: 0 | 2): NodeJS.ProcessEnv {
  const { pathname, search } = new URL(request.url ?? '/', 'http://server');
  const { headers } = request;
  return {
    PATH: process.env['PATH'],
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    REQUEST_METHOD: request.method,
    PATH_INFO: decodeURIComponent(pathname),
    QUERY_STRING: search.slice(1),
    CONTENT_TYPE: headers['content-type'],
    CONTENT_LENGTH: headers['content-length'],
    HTTP_CONTENT_ENCODING: headers['content-encoding'],
    GIT_PROTOCOL: protocol === 2 ? String(headers['git-protocol'] ?? '') : '',
  };
}

function writeHead(response: ServerResponse, head: string): void {
  const fields = head.split('\r\n').map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const status = fields.find(([name]) => name === 'Status')?.[1] ?? '200';
  response.writeHead(
    Number.parseInt(status, 10),
    Object.fromEntries(fields.filter(([name]) => name !== 'Status')),
  );
}

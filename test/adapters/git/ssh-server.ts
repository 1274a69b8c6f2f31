import { execFileSync, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { temporaryFolder } from './git-fixture.ts';

const SBIN = '/usr/local/sbin:/usr/sbin:/sbin';

/** A real sshd on loopback, run as this user, with one key that may log in. */
export interface SshServer extends AsyncDisposable {
  /** `ssh://user@host:port`; a path of this machine follows. */
  readonly url: string;
  /** The private key that may log in. */
  readonly key: string;
  /** The server's line of known_hosts. */
  readonly knownHosts: string;
}

/** Starts OpenSSH's sshd with keys and settings of its own. */
export async function startSshServer(): Promise<SshServer> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const file = (name: string): string => join(folder.path, name);
  for (const name of ['host', 'user']) keygen(file(name));
  const port = await freePort();
  await writeFile(file('config'), configOf(port, folder.path));
  // Root's sshd separates privileges in this folder of its package, which only its service makes.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });
  const path = `${process.env['PATH'] ?? ''}:${SBIN}`;
  const sshd = execFileSync('sh', ['-c', 'command -v sshd'], { env: { PATH: path } })
    .toString()
    .trim();
  const server = spawn(sshd, ['-D', '-e', '-f', file('config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  stack.defer(async () => {
    if (server.exitCode !== null) return;
    server.kill();
    await once(server, 'close');
  });
  await answers(port);
  const [host = ''] = (await readFile(file('host.pub'), 'latin1')).split('\n');
  const key = await readFile(file('user'), 'latin1');
  const owned = stack.move();
  return {
    url: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    key,
    knownHosts: `[127.0.0.1]:${port} ${host}\n`,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

function keygen(file: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file]);
}

function configOf(port: number, folder: string): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${folder}/host`,
    `AuthorizedKeysFile ${folder}/user.pub`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    '',
  ].join('\n');
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  server.close();
  await once(server, 'close');
  return address.port;
}

async function answers(port: number): Promise<void> {
  for (let left = 300; left > 0; left--) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch {
      await sleep(50);
    } finally {
      socket.destroy();
    }
  }
  assert.fail('sshd does not answer');
}

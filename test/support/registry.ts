import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { linesOf } from '../../src/kernel/lines.ts';

/** One line of the registry's access log. */
export interface AccessEntry {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** Debian's docker-registry on a loopback port of its own; stopped and removed when it is disposed of. */
export interface TestRegistry extends AsyncDisposable {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  /** The folder of its storage driver. */
  readonly storage: string;
  /** What was asked since the start or the last call, in the order in which the answers left. */
  takeRequests(): Promise<readonly AccessEntry[]>;
}

/** The one account of a registry with a password. */
export const ACCOUNT = { username: 'builder', password: 'open sesame' } as const;
/** bcrypt of the password, as `htpasswd -B` writes it; the user name has no part in it. */
const HASH = '$2b$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW';

type Registry = ChildProcessByStdio<null, Readable, Readable>;

const START_DEADLINE_MS = 30_000;
const ACCESS = /^\S+ \S+ \S+ \[[^\]]*\] "(\S+) (\S+) [^"]*" (\d{3}) /;

/**
 * Starts a registry; `password: true` lets only {@link ACCOUNT} in (HTTP basic authentication), under the name `username`
 * where that is given; `keeps: true` deletes nothing.
 */
export async function startRegistry(
  options: { readonly password?: boolean; readonly username?: string; readonly keeps?: boolean } = {},
): Promise<TestRegistry> {
  const directory = await mkdtemp(join(tmpdir(), 'preheat-registry-'));
  const storage = join(directory, 'storage');
  await writeFile(join(directory, 'htpasswd'), `${options.username ?? ACCOUNT.username}:${HASH}\n`);
  await writeFile(join(directory, 'config.yml'), configOf(directory, storage, options));
  const child = spawn('docker-registry', ['serve', join(directory, 'config.yml')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  // A test file that crashes must not leave a server behind.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const entries: AccessEntry[] = [];
  void collect(child, entries);
  const host = await listening(child, exited);
  let marks = 0;
  return {
    host,
    storage,
    async takeRequests() {
      const mark = `/v2/?mark=${++marks}`;
      await fetch(`http://${host}${mark}`);
      const isMark = (entry: AccessEntry): boolean => entry.path === mark;
      while (!entries.some(isMark)) await new Promise((resolve) => setTimeout(resolve, 2));
      return entries.splice(0, entries.findIndex(isMark) + 1).slice(0, -1);
    },
    async [Symbol.asyncDispose]() {
      process.removeListener('exit', kill);
      kill();
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function configOf(
  directory: string,
  storage: string,
  { password = false, keeps = false }: NonNullable<Parameters<typeof startRegistry>[0]>,
): string {
  const auth = `auth: { htpasswd: { realm: test, path: ${join(directory, 'htpasswd')} } }\n`;
  return `version: 0.1
log: { level: info, formatter: json, accesslog: { disabled: false } }
storage: { filesystem: { rootdirectory: ${storage} }, delete: { enabled: ${!keeps} }, maintenance: { uploadpurging: { enabled: false } } }
http: { addr: '127.0.0.1:0', secret: for-tests-only }
${password ? auth : ''}`;
}

async function collect(child: Registry, entries: AccessEntry[]): Promise<void> {
  for await (const line of linesOf(child.stdout)) {
    const [, method, path, status] = ACCESS.exec(line) ?? [];
    if (method && path) entries.push({ method, path, status: Number(status) });
  }
}

/** Reads the log up to the line that tells the port; the rest of the log is read and dropped. */
async function listening(child: Registry, exited: Promise<unknown>): Promise<string> {
  const said: string[] = [];
  const found = new Promise<string>((resolve, reject) => {
    void (async () => {
      for await (const line of linesOf(child.stderr)) {
        const address = /listening on ([\d.]+:\d+)/.exec(line)?.[1];
        if (address === undefined) said.push(line);
        else resolve(address);
      }
      reject(new Error(`docker-registry ended: ${said.join('\n')}`));
    })();
  });
  const late = AbortSignal.timeout(START_DEADLINE_MS);
  const tooLate = once(late, 'abort').then(() => {
    throw new Error(`docker-registry did not start: ${said.join('\n')}`);
  });
  const ended = exited.then(() => found);
  return await Promise.race([found, ended, tooLate]);
}

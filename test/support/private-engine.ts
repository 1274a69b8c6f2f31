import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { limitMemory } from './memory-group.ts';
import { mountSmallDisk } from './small-disk.ts';

/** A Docker Engine of a test's own that can be stopped and started again with all that it holds. */
export interface PrivateEngine extends AsyncDisposable {
  /** As DOCKER_HOST has it. */
  readonly host: string;
  /** The folder of the control group of its containers, where it was given one. */
  readonly memoryGroup: string | undefined;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Runs docker's command against it and returns what it printed. */
  docker(...words: readonly string[]): Promise<string>;
}

const START_TRIES = 300;

export interface PrivateEngineOptions {
  /** Images and containers lie on a disk of that size. */
  readonly diskBytes?: number;
  /** Containers and builds lie in a control group with so much memory, as those of a Docker in Docker do. */
  readonly memoryBytes?: number;
  /** Its daemon.json. */
  readonly configuration?: object;
  /** What its environment has beside that of the tests. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Starts an engine beside the machine's own (as root). It gets a bridge of its own, because `dockerd --bridge=none` deletes `docker0`, which the other engine needs.
 */
export async function startPrivateEngine(options: PrivateEngineOptions = {}): Promise<PrivateEngine> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'preheat-engine-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const dataRoot = join(folder, 'data');
  await mkdir(dataRoot);
  if (options.diskBytes !== undefined) stack.use(await mountSmallDisk(options.diskBytes, dataRoot));
  const group =
    options.memoryBytes === undefined ? undefined : stack.use(await limitMemory(options.memoryBytes));
  stack.use(await makeBridge(bridgeName()));
  // The engine leaves its network namespace mounted.
  stack.defer(
    async () => void (await execa('umount', [join(folder, 'exec', 'netns', 'default')], { reject: false })),
  );
  // Flags would clash with what the machine's own engine has in /etc/docker/daemon.json.
  await writeFile(join(folder, 'daemon.json'), JSON.stringify(options.configuration ?? {}));
  const host = `unix://${join(folder, 'docker.sock')}`;
  let running: Daemon | undefined;
  const stop = async (): Promise<void> => {
    await running?.end();
    running = undefined;
  };
  const start = async (): Promise<void> => {
    const more = group === undefined ? [] : [`--cgroup-parent=${group.name}`];
    running ??= await startDaemon(folder, host, more, options.environment);
  };
  stack.defer(stop);
  await start();
  const owned = stack.move();
  return {
    host,
    memoryGroup: group?.directory,
    stop,
    start,
    docker: async (...words) => (await execa('docker', ['--host', host, ...words])).stdout,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function bridgeName(): string {
  return `pht${process.pid % 100_000}`;
}

async function makeBridge(name: string): Promise<AsyncDisposable> {
  await execa('ip', ['link', 'add', name, 'type', 'bridge']);
  // An address of its own: several of these engines may run at a time.
  const network = 128 + (process.pid % 126);
  await execa('ip', ['address', 'add', `172.31.${network}.1/24`, 'dev', name]);
  await execa('ip', ['link', 'set', name, 'up']);
  return {
    async [Symbol.asyncDispose]() {
      await execa('ip', ['link', 'delete', name], { reject: false });
    },
  };
}

interface Daemon {
  end(): Promise<void>;
}

async function startDaemon(
  folder: string,
  host: string,
  more: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Daemon> {
  const folders = {
    '--data-root': 'data',
    '--exec-root': 'exec',
    '--pidfile': 'pid',
    '--config-file': 'daemon.json',
  };
  const words = [
    ...Object.entries(folders).flatMap(([flag, name]) => [flag, join(folder, name)]),
    `--host=${host}`,
    `--bridge=${bridgeName()}`,
    '--iptables=false',
    '--ip6tables=false',
    ...more,
  ];
  const log = openSync(join(folder, 'log'), 'a');
  const daemon = spawn('dockerd', words, {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...environment },
  });
  closeSync(log);
  const exited = once(daemon, 'exit');
  const end = async (): Promise<void> => {
    daemon.kill('SIGTERM');
    await exited;
  };
  if (await answers(host, daemon)) return { end };
  await end();
  const said = await readFile(join(folder, 'log'), 'utf8');
  throw new Error(`the private engine did not start:\n${said.split('\n').slice(-10).join('\n')}`);
}

async function answers(host: string, daemon: ChildProcess): Promise<boolean> {
  for (let tries = 0; tries < START_TRIES && daemon.exitCode === null; tries++) {
    if (!(await execa('docker', ['--host', host, 'version'], { reject: false })).failed) return true;
    await sleep(100);
  }
  return false;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

/** A Docker Engine that holds nothing, as a Pipelines step starts with; it goes away with all it took in. */
export interface PrivateEngine extends AsyncDisposable {
  /** As `DOCKER_HOST` takes it. */
  readonly host: string;
}

const START_TRIES = 150;

/**
 * Starts a second engine beside the machine's own (as root). It gets a bridge of its own, because
 * `dockerd --bridge=none` deletes `docker0`, which the other engine needs; containers must use the host's network.
 */
export async function startPrivateEngine(): Promise<PrivateEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'preheat-engine-'));
  const bridge = `phb${process.pid % 100_000}`;
  const socket = join(folder, 'docker.sock');
  await execa('ip', ['link', 'add', bridge, 'type', 'bridge']);
  await execa('ip', ['address', 'add', '172.31.255.1/30', 'dev', bridge]);
  await execa('ip', ['link', 'set', bridge, 'up']);
  // Flags would clash with what the machine's own engine has in /etc/docker/daemon.json.
  await writeFile(join(folder, 'daemon.json'), '{}');
  const folders = {
    '--data-root': 'data',
    '--exec-root': 'exec',
    '--pidfile': 'pid',
    '--config-file': 'daemon.json',
  };
  const words = [
    ...Object.entries(folders).flatMap(([flag, name]) => [flag, join(folder, name)]),
    `--host=unix://${socket}`,
    `--bridge=${bridge}`,
    '--iptables=false',
    '--ip6tables=false',
  ];
  const log = openSync(join(folder, 'log'), 'w');
  const engine = spawn('dockerd', words, { stdio: ['ignore', log, log] });
  closeSync(log);
  const exited = once(engine, 'exit');
  const stop = async (): Promise<void> => {
    engine.kill('SIGTERM');
    await exited;
    await execa('ip', ['link', 'delete', bridge], { reject: false });
    // The engine leaves its network namespace mounted.
    await execa('umount', [join(folder, 'exec', 'netns', 'default')], { reject: false });
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < START_TRIES; tries++) {
    const { exitCode } = await execa('docker', ['--host', `unix://${socket}`, 'version'], { reject: false });
    if (exitCode === 0) return { host: `unix://${socket}`, [Symbol.asyncDispose]: stop };
    if (engine.exitCode !== null) break;
    await sleep(100);
  }
  const said = await readFile(join(folder, 'log'), 'utf8');
  await stop();
  throw new Error(`the private engine did not start:\n${said.split('\n').slice(-10).join('\n')}`);
}

import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { install, whyNoPackages } from './apt.mjs';
import { engineAt, engineVersion } from './engine-api.mjs';
import { SetupFailure } from './failure.mjs';
import { findProgram, run, systemPath } from './run.mjs';
import { during, found, note } from './say.mjs';

/**
 * Finds the engine that runs, else installs and starts one. An engine that runs is never stopped or changed.
 * @returns {Promise<{ engine: import('./engine-api.mjs').Engine, started: boolean }>}
 * @throws {SetupFailure} when there is none and none can be started; the hint says what to do
 */
export async function provideEngine() {
  const named = process.env['DOCKER_HOST'];
  const engine = engineAt(named);
  if (engine === undefined)
    throw unreachable(String(named), 'set-up speaks to unix: and tcp: addresses only');
  const running = await engineVersion(engine);
  if (running === undefined) await startEngine(engine, named);
  found(`Docker Engine ${running ?? (await engineVersion(engine)) ?? ''} (${engine.address})`);
  noteMissingBridge(engine);
  return { engine, started: running === undefined };
}

/**
 * @param {import('./engine-api.mjs').Engine} engine
 * @param {string | undefined} named
 */
async function startEngine(engine, named) {
  if (named !== undefined && named !== '') throw unreachable(named, 'nothing answers there');
  if (existsSync(engine.address) && !mayOpen(engine.address))
    throw unreachable(engine.address, 'this user may not open the socket');
  if (findProgram('dockerd') === undefined) await installEngine();
  if (process.getuid?.() !== 0)
    throw unreachable(engine.address, 'dockerd is installed but does not run, and only root may start it');
  await during('starting the Docker engine', () => start(engine));
}

/** @param {string} socket */
function mayOpen(socket) {
  try {
    accessSync(socket, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function installEngine() {
  const why = whyNoPackages();
  if (why !== undefined) throw unreachable('/var/run/docker.sock', why);
  const client = findProgram('docker') === undefined ? ['docker-cli'] : [];
  await install(['docker.io', 'docker-buildx', 'iptables', 'ca-certificates', ...client]);
}

/** @param {import('./engine-api.mjs').Engine} engine */
async function start(engine) {
  // The folder exists only where systemd is the running init (sd_booted(3)).
  if (existsSync('/run/systemd/system')) await run('systemctl', ['start', 'docker'], { seconds: 120 });
  else startByHand();
  for (let tries = 0; tries < 240; tries += 1) {
    if ((await engineVersion(engine)) !== undefined) return;
    await delay(250);
  }
  throw new SetupFailure('cannot start the Docker engine: it did not answer in 60 s', `Read ${engineLog()}.`);
}

const engineLog = () => join(existsSync('/var/log') ? '/var/log' : tmpdir(), 'preheat-dockerd.log');

/** dockerd outlives this process: the next run finds it. */
function startByHand() {
  forgetDead('/var/run/docker.pid', 'dockerd');
  forgetDead('/var/run/docker/containerd/containerd.pid', 'containerd');
  const log = openSync(engineLog(), 'a');
  const path = `${systemPath()}:/usr/local/sbin:/usr/sbin:/sbin`;
  const child = spawn('dockerd', [], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, PATH: path },
  });
  child.on('error', () => {}); // told by the wait that follows
  child.unref();
  closeSync(log);
}

/**
 * Where /run survives a restart of the machine, the old number may belong to another program by now, and dockerd
 * refuses to start beside "itself" (moby/moby, pkg/pidfile).
 * @param {string} pidFile
 * @param {string} program
 */
function forgetDead(pidFile, program) {
  if (!existsSync(pidFile)) return;
  const comm = `/proc/${readFileSync(pidFile, 'utf8').trim()}/comm`;
  if (!existsSync(comm) || readFileSync(comm, 'utf8').trim() !== program) rmSync(pidFile);
}

/**
 * Without its bridge interface every container without `--network host` fails to start.
 * @param {import('./engine-api.mjs').Engine} engine
 */
function noteMissingBridge(engine) {
  if (!engine.local || process.platform !== 'linux' || !existsSync('/var/lib/docker')) return;
  if (!existsSync('/sys/class/net/docker0'))
    note(
      'the engine has no bridge network docker0: containers may not start; restart the engine to get it back',
    );
}

/**
 * @param {string} address
 * @param {string} why
 */
function unreachable(address, why) {
  return new SetupFailure(
    `cannot reach a Docker engine at ${address}: ${why}`,
    'Install Docker Engine 26 or later (https://docs.docker.com/engine/install/), start it, and let this user open its socket; or set DOCKER_HOST.',
  );
}

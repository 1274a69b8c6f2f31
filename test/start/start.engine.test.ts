import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkspaceConfig } from '../../src/config/workspace-config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { start, type StartPorts, type StartRequest } from '../../src/start/start.ts';
import { stop } from '../../src/start/stop.ts';
import { tcpProbe } from '../../src/start/tcp-probe.ts';
import { eventually, IMAGE, SHIM, workspaceConfig } from '../image/host-workspace.ts';
import {
  bareDocker,
  connectTestEngine,
  fileEntry,
  patience,
  runToEnd,
  startContainer,
  textOf,
  uniqueName,
} from '../support/engine.ts';
import { engineStore } from '../support/engine-store.ts';
import { silentLog } from '../support/silent-log.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';
import { layoutOver } from './engine-image.ts';
import type { MemoryStore } from './memory-store.ts';

const BASE = 'node:24-bookworm';
const SERVER = `require('http').createServer((_, answer) => answer.end('hello')).listen(4711)`;

const CONFIG: WorkspaceConfig = {
  ...workspaceConfig(
    '/workspace/app',
    [
      {
        name: 'web',
        before: 'echo "as $(id -un) in $PWD, bashrc $FROM_BASHRC, home $HOME"',
        command: `node -e "${SERVER}"`,
      },
      {
        name: 'stubborn',
        command: `trap '' HUP TERM; echo started >>/tmp/starts; while :; do sleep 60; done`,
      },
    ],
    { GREETING: 'hello' },
  ),
  ports: [{ first: 4711, last: 4711, onOpen: 'notify', visibility: 'private' }],
};

describe('start on the engine', () => {
  const engine = connectTestEngine();
  const repository = uniqueName('test');
  const { log, lines } = silentLog();
  let ports: StartPorts & { readonly store: MemoryStore };

  before(async () => {
    const store = await layoutOver(BASE, CONFIG);
    const images = engine.workspaceImages;
    ports = {
      store,
      blobs: store,
      images,
      workspaces: engine.workspaces,
      probe: tcpProbe,
      clock: systemClock,
      log,
    };
  });

  after(async () => {
    await stop({ repository }, ports, patience());
    await removeStopped(repository);
    const image = lines.findLast((line) => line.startsWith('starting from'))?.match(/@sha256:(\w{12})/)?.[1];
    if (image !== undefined) await bareDocker().getImage(`preheat:${image}`).remove({ force: true });
  });

  const request = (more: Partial<StartRequest> = {}): StartRequest => ({
    candidates: [{ tag: 'warm', why: 'this test' }],
    id: uniqueName('id'),
    repository,
    network: 'bridge',
    env: {},
    portsBoundMs: 60_000,
    ...more,
  });

  it('loads only what the engine lacks, runs the tasks as the user and waits for the port', async () => {
    const result = await start(request(), ports, patience());
    // The config and the top layer, unless the store wants all.
    const isPartial = (await engineStore()) === 'docker';
    const opened = ports.store.asked.filter((call) => call.startsWith('open')).length;
    assert.equal(opened === 2, isPartial, String(opened));
    assert.ok(
      lines.includes('[web] as gitpod in /workspace/app, bashrc yes, home /home/gitpod'),
      lines.join('\n'),
    );
    assert.deepEqual(
      result.ports.map(({ containerPort, answers }) => ({ containerPort, answers })),
      [{ containerPort: 4711, answers: true }],
    );
    const answer = await fetch(result.ports[0]?.url ?? '');
    assert.equal(await answer.text(), 'hello');
    assert.equal(result.name, `preheat-${repository}-1a2b3c4`);
  });

  it('runs a second one beside it, under another name and port, loading nothing', async () => {
    const opened = ports.store.asked.length;
    const { name, ports: published } = await start(request(), ports, patience());
    assert.equal(name, `preheat-${repository}-1a2b3c4-2`);
    assert.equal(ports.store.asked.slice(opened).filter((call) => call.startsWith('open')).length, 0);
    const [first, second] = await running();
    assert.notEqual(first?.ports[0]?.hostPort, second?.ports[0]?.hostPort);
    assert.equal(published[0]?.answers, true);
  });

  it('gives the next name where a stopped container has the first', async () => {
    const docker = bareDocker();
    const [first] = await running();
    const stopped = docker.getContainer(first?.id ?? '');
    await stopped.stop({ t: 10 });
    const { State } = await stopped.inspect();
    assert.equal(
      State.ExitCode,
      0,
      'the shim ends by itself within the grace period, a stubborn task notwithstanding',
    );
    const { name } = await start(request({ portsBoundMs: 0 }), ports, patience());
    assert.equal(name, `preheat-${repository}-1a2b3c4-3`);
  });

  it('mends the index in the background, and starts the tasks again in the next life', async () => {
    const { id } = await start(request({ portsBoundMs: 0 }), ports, patience());
    const git = async (line: string): Promise<string> => inContainer(id, `cd /workspace/app && ${line}`);
    await eventually(
      async () => (await git('git config --local core.checkStat || echo unset')) === 'unset\n',
      'mending',
    );
    await eventually(async () => (await git('ls .git | grep -c preheat || true')) === '0\n', 'cleaning up');
    assert.equal(
      await git('git status --porcelain; git config --list --local | grep -ci checkstat || true'),
      '0\n',
    );
    assert.equal(
      await git('cp -p src/3.txt /tmp/3 && cp -p src/4.txt src/3.txt && git status --porcelain'),
      ' M src/3.txt\n',
    );
    await eventually(async () => (await git('cat /tmp/starts')) === 'started\n', 'the task');
    assert.equal(await git('/.preheat/start echo again; cat /tmp/starts'), 'again\nstarted\n');
    await git('/.preheat/bin/gp sync-done db');
    assert.equal(await git('timeout 1 /.preheat/bin/gp sync-await db'), 'db done\n');
    await bareDocker().getContainer(id).restart({ t: 10 });
    assert.match(
      await git('timeout 1 /.preheat/bin/gp sync-await db'),
      /waiting/,
      'its signal is of the last life',
    );
    await eventually(async () => (await git('cat /tmp/starts')) === 'started\nstarted\n', 'the second life');
    assert.equal(await git('/.preheat/start cat /tmp/starts'), 'started\nstarted\n');
  });

  it('runs under the shell of busybox, where there is no bash', async () => {
    await using container = await startContainer(engine.engine);
    const shim = fileEntry('.preheat/start', await readFile(SHIM, 'utf8'), { mode: 0o755 });
    await container.put(tarOf([shim]), patience());
    assert.deepEqual(await runToEnd(container, ['/.preheat/start', 'sh', '-c', 'pwd; exit 3']), {
      stdout: '/\n',
      stderr: '',
      exitCode: 3,
    });
    const gp = fileEntry('.preheat/bin/gp', await readFile(join(IMAGE, 'gp'), 'utf8'), { mode: 0o755 });
    await container.put(tarOf([gp]), patience());
    const line =
      '/.preheat/bin/gp sync-done "a b" && /.preheat/bin/gp sync-await "a b" && /.preheat/bin/gp url 80';
    assert.deepEqual(await runToEnd(container, ['sh', '-c', line]), {
      stdout: 'a b done\nhttp://localhost:80\n',
      stderr: '',
      exitCode: 0,
    });
  });

  it('is stopped by repository, with those that have ended by themselves', async () => {
    const names = (await running()).map(({ name }) => name);
    assert.equal(names.length, 4);
    assert.deepEqual(new Set(await stop({ repository }, ports, patience())), new Set(names));
    assert.deepEqual(await running(), []);
  });

  async function running() {
    const found = await engine.workspaces.list(`dev.preheat.workspace.repository=${repository}`, patience());
    return found.toSorted((one, other) => one.name.localeCompare(other.name));
  }
});

async function removeStopped(repository: string): Promise<void> {
  const label = [`dev.preheat.workspace.repository=${repository}`];
  for (const { Id } of await bareDocker().listContainers({ all: true, filters: { label } })) {
    await bareDocker().getContainer(Id).remove({ force: true, v: true });
  }
}

async function inContainer(id: string, line: string): Promise<string> {
  const exec = await bareDocker()
    .getContainer(id)
    .exec({ Cmd: ['bash', '-c', line], AttachStdout: true, Tty: true });
  return (await textOf(await exec.start({ Tty: true }))).replaceAll('\r\n', '\n');
}

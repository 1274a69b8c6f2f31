import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { isAbort, PreheatError } from '../../../src/kernel/failure.ts';
import { linesOf } from '../../../src/kernel/lines.ts';
import type { RunningWorkspace, WorkspaceSpec } from '../../../src/start/workspace-engine.ts';
import {
  bareDocker,
  connectTestEngine,
  patience,
  smallImage,
  textOf,
  uniqueName,
} from '../../support/engine.ts';

const { workspaces } = connectTestEngine();
const label = uniqueName('workspaces');
const LABEL = 'dev.preheat.test.workspace';

/** Waits until TERM comes; a shell without a trap would not end as the first program of a container. */
const WAIT = 'trap "exit 0" TERM; while :; do sleep 0.1; done';

async function specOf(rest: Partial<WorkspaceSpec> = {}): Promise<WorkspaceSpec> {
  return {
    image: await smallImage(),
    name: uniqueName('preheat-test'),
    command: ['sh', '-c', WAIT],
    user: '1000:1000',
    workingDirectory: '/tmp',
    env: {},
    labels: { [LABEL]: label },
    ports: [],
    portsVariable: 'MOVED',
    network: 'bridge',
    ...rest,
  };
}

type Running = RunningWorkspace & AsyncDisposable;

async function run(rest: Partial<WorkspaceSpec> = {}): Promise<Running> {
  const workspace = await workspaces.run(await specOf(rest), patience());
  return {
    ...workspace,
    async [Symbol.asyncDispose]() {
      await bareDocker()
        .getContainer(workspace.id)
        .remove({ force: true, v: true })
        .catch(() => undefined);
    },
  };
}

async function listen(): Promise<{ readonly server: Server; readonly port: number } & AsyncDisposable> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    server,
    port: address.port,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

async function firstLine({ id }: RunningWorkspace): Promise<string> {
  for await (const line of linesOf(workspaces.output(id, patience()))) return line;
  return assert.fail('it printed nothing');
}

async function countNamed(name: string): Promise<number> {
  return (await bareDocker().listContainers({ all: true, filters: { name: [name] } })).length;
}

describe('workspaces', () => {
  after('what a failed test left', async () => {
    const left = await bareDocker().listContainers({ all: true, filters: { label: [LABEL] } });
    const own = left.filter(({ Labels }) => Labels[LABEL]?.startsWith(label));
    for (const { Id } of own) await bareDocker().getContainer(Id).remove({ force: true, v: true });
  });

  it('run a command as it was ordered, and give out all that it prints', async () => {
    const line = 'echo "$GREETING from $PWD as $(id -u)"; echo oops >&2';
    await using workspace = await run({
      command: ['sh', '-c', line],
      env: { GREETING: 'hello' },
      network: 'none',
    });
    const printed = await textOf(workspaces.output(workspace.id, patience()));
    assert.deepEqual(printed.split('\n').toSorted(), ['', 'hello from /tmp as 1000', 'oops']);
  });

  it('give out what they print while they run, until the signal aborts', async () => {
    const command = ['sh', '-c', `echo ready; ${WAIT}`];
    await using workspace = await run({ command, network: 'none' });
    const stop = new AbortController();
    const lines: string[] = [];
    const reading = async (): Promise<void> => {
      for await (const line of linesOf(workspaces.output(workspace.id, { signal: stop.signal }))) {
        lines.push(line);
        stop.abort();
      }
    };
    await assert.rejects(reading(), isAbort);
    assert.deepEqual(lines, ['ready']);
  });

  it('are reached on loopback under the same port, or another where that is taken, of which they are told', async () => {
    const { port, [Symbol.asyncDispose]: free } = await listen();
    await free();
    await using first = await run({ ports: [port] });
    assert.deepEqual(first.ports, [{ containerPort: port, hostAddress: '127.0.0.1', hostPort: port }]);
    await using busy = await listen();
    const ports = [port, busy.port];
    const command = ['sh', '-c', `echo "$MOVED"; ${WAIT}`];
    await using second = await run({ ports, command });
    assert.deepEqual(
      second.ports.map(({ containerPort }) => containerPort),
      ports.toSorted((a, b) => a - b),
    );
    for (const { hostPort } of second.ports) {
      assert.ok(hostPort > 0 && !ports.includes(hostPort), String(hostPort));
    }
    assert.equal(await countNamed(second.name), 1);
    const moved = second.ports.map(({ containerPort, hostPort }) => `${containerPort}=${hostPort}`);
    assert.deepEqual((await firstLine(second)).split(' ').toSorted(), moved.toSorted());
    await bareDocker().getContainer(second.id).restart({ t: 1 });
    const listed = await workspaces.list(`${LABEL}=${label}`, patience());
    assert.deepEqual(listed.find(({ id }) => id === second.id)?.ports, second.ports);
  });

  it('are listed by label, those that have ended too', async () => {
    const own = `${label}-own`;
    await using first = await run({ labels: { [LABEL]: own }, ports: [8000] });
    await using other = await run({ labels: { [LABEL]: `${own}-not` }, network: 'none' });
    await using ended = await run({ labels: { [LABEL]: own }, command: ['true'], network: 'none' });
    await textOf(workspaces.output(ended.id, patience()));
    await bareDocker().getContainer(ended.id).wait();
    const listed = await workspaces.list(`${LABEL}=${own}`, patience());
    const { [Symbol.asyncDispose]: _, ...expected } = first;
    assert.deepEqual(new Set(listed.map(({ id }) => id)), new Set([first.id, ended.id]), other.name);
    assert.deepEqual(
      listed.find(({ id }) => id === first.id),
      expected,
    );
    assert.deepEqual(listed.find(({ id }) => id === ended.id)?.ports, []);
  });

  it('have their own numbers where they share the network of the host', async () => {
    await using workspace = await run({ ports: [8123], network: 'host' });
    const expected = [{ containerPort: 8123, hostAddress: '127.0.0.1', hostPort: 8123 }];
    assert.deepEqual(workspace.ports, expected);
  });

  it('that have no free name are told, and leave the other alone', async () => {
    await using first = await run({ network: 'none' });
    await assert.rejects(workspaces.run(await specOf({ name: first.name }), patience()), (thrown) => {
      assert.ok(thrown instanceof PreheatError);
      assert.equal(
        thrown.message,
        `cannot start workspace ${first.name}: the name is taken by another container`,
      );
      assert.equal(thrown.phase, 'start');
      return true;
    });
    assert.equal(await countNamed(first.name), 1);
  });

  it('leave nothing when they cannot start', async () => {
    for (const broken of [{ user: 'nobody-knows-me' }, { network: 'no-such-network' }]) {
      const spec = await specOf(broken);
      await assert.rejects(workspaces.run(spec, patience()), (thrown) => {
        assert.ok(thrown instanceof PreheatError);
        assert.equal(thrown.phase, 'start');
        return true;
      });
      assert.equal(await countNamed(spec.name), 0);
    }
  });

  it('end with TERM and go, also when they are gone already', async () => {
    const command = ['sh', '-c', 'trap "echo ended; exit 0" TERM; echo up; while :; do sleep 0.1; done'];
    await using workspace = await run({ command, network: 'none' });
    const printed: string[] = [];
    let stopping: Promise<void> | undefined;
    for await (const line of linesOf(workspaces.output(workspace.id, patience()))) {
      printed.push(line);
      if (line === 'up') stopping = workspaces.stop(workspace.id, patience());
    }
    await stopping;
    assert.deepEqual(printed, ['up', 'ended']);
    await workspaces.stop(workspace.id, patience());
    assert.equal(await countNamed(workspace.name), 0);
  });
});

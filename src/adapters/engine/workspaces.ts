import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { RunningWorkspace, Workspaces, WorkspaceSpec } from '../../start/workspace-engine.ts';
import type { EngineClient } from './engine-client.ts';
import { statusOf } from './engine-failure.ts';
import { demultiplexed } from './multiplexed.ts';
import { publishedPorts } from './published-ports.ts';
import { removeContainer } from './remove-container.ts';
import { runWorkspace } from './run-workspace.ts';

/** How long the processes of a workspace may take to end after TERM. */
const GRACE_SECONDS = 10;

/** What the engine answers where a container has stopped or gone by itself. */
const NOT_MODIFIED = 304;
const NOT_FOUND = 404;

/** The start stage's `Workspaces` on Docker Engine. */
export function createWorkspaces(client: EngineClient): Workspaces {
  return {
    run: async (spec, options) => run(client, spec, options),
    output: (id, options) => output(client, id, options),
    list: async (label, options) => list(client, label, options),
    stop: async (id, options) => stop(client, id, options),
  };
}

async function run(
  client: EngineClient,
  spec: WorkspaceSpec,
  options: CallOptions,
): Promise<RunningWorkspace> {
  const id = await runWorkspace(client, spec, options);
  try {
    return await describe(client, id, options);
  } catch (thrown) {
    // Nobody else knows of it yet.
    await removeContainer(client, id);
    throw thrown;
  }
}

async function describe(client: EngineClient, id: string, options: CallOptions): Promise<RunningWorkspace> {
  const container = await client.call(
    'look into the workspace',
    async (docker, signal) => docker.getContainer(id).inspect({ abortSignal: signal }),
    options,
  );
  const { Id, Name, Config } = container;
  return { id: Id, name: Name.replace(/^\//, ''), labels: Config.Labels, ports: publishedPorts(container) };
}

async function* output(client: EngineClient, id: string, options: CallOptions): AsyncGenerator<Uint8Array> {
  const doing = "read the workspace's output";
  const body = await client.open(
    doing,
    async (docker, signal) =>
      docker.getContainer(id).logs({ follow: true, stdout: true, stderr: true, abortSignal: signal }),
    options,
  );
  for await (const { bytes } of client.read(doing, body, demultiplexed, options)) yield bytes;
}

async function list(
  client: EngineClient,
  label: string,
  options: CallOptions,
): Promise<readonly RunningWorkspace[]> {
  const containers = await client.call(
    'list workspaces',
    async (docker, signal) =>
      docker.listContainers({ all: true, filters: { label: [label] }, abortSignal: signal }),
    options,
  );
  const workspaces = await Promise.all(
    containers.map(async ({ Id }) => describeIfThere(client, Id, options)),
  );
  return workspaces.filter((workspace) => workspace !== undefined);
}

async function describeIfThere(
  client: EngineClient,
  id: string,
  options: CallOptions,
): Promise<RunningWorkspace | undefined> {
  try {
    return await describe(client, id, options);
  } catch (thrown) {
    if (thrown instanceof PreheatError && thrown.code === 'not-found') return undefined;
    throw thrown;
  }
}

async function stop(client: EngineClient, id: string, options: CallOptions): Promise<void> {
  try {
    await client.call(
      'stop the workspace',
      async (docker, signal) => docker.getContainer(id).stop({ t: GRACE_SECONDS, abortSignal: signal }),
      options,
    );
  } catch (thrown) {
    const status = thrown instanceof PreheatError ? statusOf(thrown.cause) : undefined;
    if (status !== NOT_MODIFIED && status !== NOT_FOUND) throw thrown;
  }
  await removeContainer(client, id);
}

import type { ContainerCreateOptions } from 'dockerode';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { WorkspaceSpec } from '../../start/workspace-engine.ts';
import { createContainer } from './create-container.ts';
import type { EngineClient } from './engine-client.ts';
import { engineWords, statusOf } from './engine-failure.ts';
import { movedPorts, sameNumbers, withoutNumber, type HostPorts } from './host-ports.ts';
import { portBindings, takenPort } from './published-ports.ts';
import { removeContainer } from './remove-container.ts';

/**
 * Creates and starts a workspace's container, returning its ID. Ports that turn out to be taken are given other numbers.
 * The bindings of a container are fixed when it is created, so it is made anew for each: to ask beforehand whether a port
 * is free would be a race.
 */
export async function runWorkspace(
  client: EngineClient,
  spec: WorkspaceSpec,
  options: CallOptions,
): Promise<string> {
  let hosts = sameNumbers(spec.ports);
  const refused = new Set<number>();
  for (;;) {
    const id = await createNamed(client, createOptions(spec, hosts), options);
    try {
      await client.call(
        `start workspace ${spec.name}`,
        async (docker, signal) => docker.getContainer(id).start({ abortSignal: signal }),
        options,
      );
      return id;
    } catch (thrown) {
      await removeContainer(client, id);
      const taken = thrown instanceof PreheatError ? takenPort(engineWords(thrown.cause)) : undefined;
      if (taken === undefined) throw thrown;
      refused.add(taken);
      const used = new Set([...refused, ...(await publishedNumbers(client, options))]);
      const next = withoutNumber(hosts, taken, { refusals: refused.size, used });
      if (next === undefined) throw thrown;
      hosts = next;
    }
  }
}

/** What the engine has given away itself; others' numbers show when they are refused. */
async function publishedNumbers(client: EngineClient, options: CallOptions): Promise<readonly number[]> {
  const containers = await client.call(
    'list the ports of containers',
    async (docker, signal) => docker.listContainers({ abortSignal: signal }),
    options,
  );
  return containers.flatMap(({ Ports }) => Ports.map(({ PublicPort }) => PublicPort));
}

function createOptions(spec: WorkspaceSpec, hosts: HostPorts): ContainerCreateOptions {
  const moved = movedPorts(hosts);
  const env = { ...spec.env, ...(moved !== '' && { [spec.portsVariable]: moved }) };
  return {
    name: spec.name,
    Image: spec.image,
    // As entry point, because that of the base image would swallow a command.
    Entrypoint: [...spec.command],
    User: spec.user,
    WorkingDir: spec.workingDirectory,
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    Labels: { ...spec.labels },
    OpenStdin: false,
    Tty: false,
    ExposedPorts: Object.fromEntries(spec.ports.map((port) => [`${port}/tcp`, {}])),
    HostConfig: {
      Init: true,
      NetworkMode: spec.network,
      ...(spec.network !== 'host' && { PortBindings: portBindings(hosts) }),
    },
  };
}

async function createNamed(
  client: EngineClient,
  spec: ContainerCreateOptions,
  options: CallOptions,
): Promise<string> {
  try {
    return await createContainer(client, spec, options);
  } catch (thrown) {
    if (!(thrown instanceof PreheatError) || statusOf(thrown.cause) !== 409) throw thrown;
    throw new PreheatError(
      `cannot start workspace ${spec.name ?? ''}: the name is taken by another container`,
      {
        phase: 'start',
        code: 'engine',
        hint: 'Stop that container, or choose another name.',
        cause: thrown.cause,
      },
    );
  }
}

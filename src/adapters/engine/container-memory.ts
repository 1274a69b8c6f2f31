import * as z from 'zod';
import type { ContainerMemory } from '../../build/engine.ts';
import type { MemoryLimit } from '../../build/memory-advisor.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { countKills } from './count-kills.ts';
import { getJson } from './dial.ts';
import type { EngineClient } from './engine-client.ts';

const EngineMemory = z.object({ MemTotal: z.number() });
/** Only control groups of version 1 tell it: `memory.stat`, Documentation/admin-guide/cgroup-v1/memory.rst, 5.2. */
const GroupMemory = z.object({
  memory_stats: z
    .object({ stats: z.object({ hierarchical_memory_limit: z.number().optional() }).nullish() })
    .nullish(),
});

/**
 * Whether the kernel killed something in a container for want of memory, and the memory it may use, in bytes.
 *
 * Asked in two ways. `State.OOMKilled` is set for executed programs too, but only when containerd's event has come, and
 * never when the memory of a group above ran out: of a Docker in Docker, as the services of Bitbucket Pipelines are.
 * There the container's own counter tells; it can be read only while the container runs and has a shell.
 */
export async function containerMemory(
  client: EngineClient,
  containerId: string,
  options: CallOptions,
): Promise<ContainerMemory> {
  const { State, HostConfig } = await client.call(
    'look into the container',
    async (docker, signal) => docker.getContainer(containerId).inspect({ abortSignal: signal }),
    options,
  );
  const killed = State.OOMKilled || (State.Running && (await countKills(client, containerId, options)) > 0);
  const limit: MemoryLimit = HostConfig.Memory
    ? { bytes: HostConfig.Memory, of: 'container' }
    : await limitAbove(client, containerId, options);
  return { killed, limit };
}

/** A group without limit tells a number larger than any machine. */
async function limitAbove(
  client: EngineClient,
  containerId: string,
  options: CallOptions,
): Promise<MemoryLimit> {
  const [machine, group] = await Promise.all([
    engineMemory(client, options),
    groupMemory(client, containerId, options),
  ]);
  return group !== undefined && group < machine
    ? { bytes: group, of: 'group' }
    : { bytes: machine, of: 'machine' };
}

async function groupMemory(
  client: EngineClient,
  containerId: string,
  options: CallOptions,
): Promise<number | undefined> {
  const path = `/containers/${containerId}/stats?`;
  const query = { stream: 'false', 'one-shot': 'true' };
  const { memory_stats: memory } = await client.call(
    "learn the container's memory",
    async (docker, signal) => getJson(docker, path, GroupMemory, signal, query),
    options,
  );
  return memory?.stats?.hierarchical_memory_limit;
}

async function engineMemory(client: EngineClient, options: CallOptions): Promise<number> {
  const { MemTotal } = await client.call(
    "learn the engine's memory",
    async (docker, signal) => getJson(docker, '/info', EngineMemory, signal),
    options,
  );
  return MemTotal;
}

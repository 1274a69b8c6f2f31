import { z } from 'zod';
import type { CallOptions } from '../../oci/content-store.ts';
import { countKills } from './count-kills.ts';
import { getJson } from './dial.ts';
import type { EngineClient } from './engine-client.ts';

const EngineMemory = z.object({ MemTotal: z.number() });

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
): Promise<{ readonly killed: boolean; readonly limit: number }> {
  const { State, HostConfig } = await client.call(
    'look into the container',
    async (docker, signal) => docker.getContainer(containerId).inspect({ abortSignal: signal }),
    options,
  );
  const limit = HostConfig.Memory || (await engineMemory(client, options));
  const killed = State.OOMKilled || (State.Running && (await countKills(client, containerId, options)) > 0);
  return { killed, limit };
}

async function engineMemory(client: EngineClient, options: CallOptions): Promise<number> {
  const { MemTotal } = await client.call(
    "learn the engine's memory",
    async (docker, signal) => getJson(docker, '/info', EngineMemory, signal),
    options,
  );
  return MemTotal;
}

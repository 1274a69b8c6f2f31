import type { ContainerCreateOptions } from 'dockerode';
import type { CallOptions } from '../../oci/content-store.ts';
import type { EngineClient } from './engine-client.ts';
import { removeContainer } from './remove-container.ts';

const CREATE_DEADLINE_MS = 60_000;

/**
 * Creates a container, returning its ID. A creation that has begun is waited for even when the signal aborts: the
 * engine goes on with it when the connection breaks, and nobody would know what to remove.
 */
export async function createContainer(
  client: EngineClient,
  spec: ContainerCreateOptions,
  { signal }: CallOptions,
): Promise<string> {
  signal.throwIfAborted();
  const image = spec.Image ?? '';
  const id = await client.call(
    `create a container from ${image}`,
    async (docker, abortSignal) => (await docker.createContainer({ ...spec, abortSignal })).id,
    { signal: AbortSignal.timeout(CREATE_DEADLINE_MS) },
  );
  if (!signal.aborted) return id;
  await removeContainer(client, id);
  throw signal.reason;
}

import { PreheatError } from '../../kernel/failure.ts';
import type { EngineClient } from './engine-client.ts';
import { statusOf } from './engine-failure.ts';

const REMOVE_DEADLINE_MS = 60_000;

/**
 * Removes a container with everything that runs in it and its anonymous volumes; one that is gone, or that someone else
 * is removing, is fine. It has its own deadline instead of a signal, because it cleans up after aborted runs.
 */
export async function removeContainer(client: EngineClient, containerId: string): Promise<void> {
  try {
    await client.call(
      'remove a container',
      async (docker, signal) =>
        docker.getContainer(containerId).remove({ force: true, v: true, abortSignal: signal }),
      { signal: AbortSignal.timeout(REMOVE_DEADLINE_MS) },
    );
  } catch (thrown) {
    const status = thrown instanceof PreheatError ? statusOf(thrown.cause) : undefined;
    if (status !== 404 && status !== 409) throw thrown;
  }
}

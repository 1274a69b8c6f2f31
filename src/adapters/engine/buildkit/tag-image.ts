import { PreheatError } from '../../../kernel/failure.ts';
import type { CallOptions } from '../../../oci/content-store.ts';
import type { EngineClient } from '../engine-client.ts';
import { statusOf } from '../engine-failure.ts';

const UNTAG_DEADLINE_MS = 60_000;

/** Gives an image another name on the engine. */
export async function tagImage(
  client: EngineClient,
  id: string,
  name: string,
  options: CallOptions,
): Promise<void> {
  const [repo, tag] = splitName(name);
  await client.call(
    `name image ${id}`,
    async (docker, signal) => await docker.getImage(id).tag({ repo, tag, abortSignal: signal }),
    options,
  );
}

/**
 * Takes a name away, and the image with it where that was its last one. It has its own deadline instead of a signal,
 * because it cleans up after aborted runs. A name that has gone is fine.
 */
export async function untagImage(client: EngineClient, name: string): Promise<void> {
  try {
    await client.call(
      `remove image ${name}`,
      async (docker, signal) => {
        await docker.getImage(name).remove({ abortSignal: signal });
      },
      { signal: AbortSignal.timeout(UNTAG_DEADLINE_MS) },
    );
  } catch (thrown) {
    const status = thrown instanceof PreheatError ? statusOf(thrown.cause) : undefined;
    if (status !== 404) throw thrown;
  }
}

function splitName(name: string): readonly [string, string] {
  const colon = name.lastIndexOf(':');
  return [name.slice(0, colon), name.slice(colon + 1)];
}

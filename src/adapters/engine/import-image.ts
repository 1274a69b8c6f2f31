import { Readable } from 'node:stream';
import type { CallOptions } from '../../oci/content-store.ts';
import type { EngineClient } from './engine-client.ts';
import { progressLines } from './progress-lines.ts';

/** Makes an image of one layer out of a tar and returns what the engine knows it by (Engine API, `ImageCreate`). */
export async function importImage(
  client: EngineClient,
  name: string,
  tar: AsyncIterable<Uint8Array>,
  options: CallOptions,
): Promise<string> {
  const doing = 'make an image for the trial';
  const content = Readable.from(tar, { objectMode: false });
  const colon = name.lastIndexOf(':');
  const query = { repo: name.slice(0, colon), tag: name.slice(colon + 1) };
  try {
    const body = await client.open(
      doing,
      async (docker, signal) => await docker.importImage(content, { ...query, abortSignal: signal }),
      options,
    );
    let id: string | undefined;
    for await (const { status } of client.read(doing, body, progressLines, options)) id = status ?? id;
    return id ?? name;
  } finally {
    content.destroy();
  }
}

import * as z from 'zod';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { getJson } from './dial.ts';
import type { EngineClient } from './engine-client.ts';

const FoundImage = z.object({
  Id: z.string(),
  Os: z.string(),
  Architecture: z.string(),
  Variant: z.string().optional(),
  /** `name@digest` for each repository that it is known to be in. */
  RepoDigests: z.array(z.string()).nullish(),
  RootFS: z.object({ Layers: z.array(z.string()).nullish() }).optional(),
});

/** What the engine tells of an image (Engine API, `ImageInspect`). */
export type FoundImage = Readonly<z.infer<typeof FoundImage>>;

/**
 * What the engine knows of an image (an ID, or a name with tag or digest); `undefined` when it has none. Never
 * pulls.
 */
export async function findImage(
  client: EngineClient,
  name: string,
  options: CallOptions,
): Promise<FoundImage | undefined> {
  const path = `/images/${imagePath(name)}/json`;
  try {
    return await client.call(
      `look for image ${name}`,
      async (docker, signal) => getJson(docker, path, FoundImage, signal),
      options,
    );
  } catch (thrown) {
    if (thrown instanceof PreheatError && thrown.code === 'not-found') return undefined;
    throw thrown;
  }
}

/** An image's name in a path of the Engine API, in which it may hold slashes. */
export function imagePath(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

import * as z from 'zod';
import { messageOf } from '../kernel/failure.ts';
import { parseJson } from '../kernel/parse-json.ts';
import type { Log } from '../kernel/log.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import type { Manifest } from '../oci/manifest.ts';
import { DownloadCache } from './download-cache.ts';

const AnySchema = z.looseObject({ schemaVersion: z.number().int() });
const NEWEST_SCHEMA = 1;

/**
 * The download cache under the first of `tags` that has one. What cannot be read or understood counts as none, with one
 * line: only the signal's abort throws.
 */
export async function readDownloadCache(
  tags: readonly string[],
  { target, log }: { readonly target: ContentStore; readonly log: Log },
  options: CallOptions,
): Promise<DownloadCache | undefined> {
  for (const tag of tags) {
    try {
      const found = await target.readManifest(tag, options);
      if (found === undefined) continue;
      return parseCache(found.manifest);
    } catch (thrown) {
      options.signal.throwIfAborted();
      log.warn(`cannot use the download cache ${tag}: ${messageOf(thrown)}; treated as none`);
    }
  }
  return undefined;
}

/** Throws an `Error` that says why it is none. */
function parseCache(manifest: Manifest): DownloadCache {
  const content = parseJson(manifest.annotations?.[ANNOTATION.downloadCache] ?? '');
  const cache = DownloadCache.safeParse(content);
  if (!cache.success) throw new Error(faultOf(content));
  const told = cache.data.tools.flatMap(({ layers }) => layers);
  const agrees =
    told.length === manifest.layers.length &&
    told.every(({ digest, size }, at) => {
      const blob = manifest.layers[at];
      return blob?.digest === digest && blob.size === size;
    });
  if (!agrees) throw new Error('it names other layers than its manifest');
  return cache.data;
}

function faultOf(content: unknown): string {
  const schema = AnySchema.safeParse(content);
  const isNewer = schema.success && schema.data.schemaVersion > NEWEST_SCHEMA;
  return isNewer ? `a newer preheat wrote it (schema ${schema.data.schemaVersion})` : 'it is damaged';
}

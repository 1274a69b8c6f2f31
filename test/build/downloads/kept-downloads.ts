import assert from 'node:assert/strict';
import { cacheTool, type CacheTool } from '../../../src/build/downloads/cache-tools.ts';
import type { DownloadRequest, KeptDownloads } from '../../../src/build/downloads/download-request.ts';
import type { DownloadCache } from '../../../src/observe/download-cache.ts';
import { unpacked } from '../../../src/oci/gzip-unpacked.ts';
import type { Layer } from '../../../src/oci/layer.ts';
import type { Staging } from '../../../src/oci/staging.ts';
import { readTar } from '../../../src/oci/tar-reader.ts';

/** A request for tools by their names, which finds what an earlier run of the same bench kept. */
export function downloadsOf(
  names: readonly string[],
  earlier?: KeptDownloads,
  more: Partial<DownloadRequest> = {},
): DownloadRequest {
  const cache: DownloadCache | undefined = earlier && {
    schemaVersion: 1,
    scope: { kind: 'protected', branch: 'main' },
    commit: 'c'.repeat(40),
    tools: [...earlier.tools],
  };
  return {
    tools: names.map(toolOf),
    limit: 1024 ** 2,
    imageVariables: {},
    source: { find: async () => cache, fetch: async () => true },
    ...more,
  };
}

export function toolOf(name: string): CacheTool {
  return cacheTool(name) ?? assert.fail(name);
}

/** What a stored layer holds: the text of each file by its path, and the kind of all else. */
export async function contentOf(
  layer: Pick<Layer, 'digest'>,
  staging: Staging,
): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for await (const { path, kind, content } of readTar(unpacked(staging.readLayer(layer), 'gzip'))) {
    const text = Buffer.concat(await Array.fromAsync(content)).toString();
    found[path] = kind === 'file' ? text : kind;
  }
  return found;
}

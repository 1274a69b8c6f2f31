import type { DownloadCache, ToolDownloads } from '../../observe/download-cache.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { Staging } from '../../oci/staging.ts';
import { rawPath } from './cache-place.ts';
import { checkCacheLayer } from './check-cache-layer.ts';
import type { DownloadRequest } from './download-request.ts';

/** What earlier runs downloaded, on its way into staging. What is still on its way when it is disposed of is given up. */
export interface ComingDownloads extends AsyncDisposable {
  /** Begins to find and bring all that the tools of the request may use; once, however often it is called. */
  begin(): void;
  /** The nearest downloads that the run may read. */
  find(): Promise<DownloadCache | undefined>;
  /** Resolves once those of a tool are in staging, whole and checked. Throws an `Error` that says what is wrong with them. */
  bring(downloads: ToolDownloads): Promise<void>;
}

/**
 * Brings what earlier runs downloaded for the tools of a request: where it is begun early, it comes while an engine still
 * pulls the base. Which of it tasks can use is known only in their container, so what belongs to another user or place
 * has come for nothing.
 */
export function bringDownloads(
  { source, tools }: Pick<DownloadRequest, 'source' | 'tools'>,
  staging: Staging,
  { signal }: CallOptions,
): ComingDownloads {
  const ended = new AbortController();
  const options = { signal: AbortSignal.any([signal, ended.signal]) };
  const coming = new Map<string, Promise<void>>();
  let finding: Promise<DownloadCache | undefined> | undefined;
  const find = async (): Promise<DownloadCache | undefined> => await (finding ??= source.find(options));
  const bring = async (downloads: ToolDownloads): Promise<void> => {
    const bringing = coming.get(downloads.tool) ?? bringLayers(downloads, source, staging, options);
    coming.set(downloads.tool, bringing);
    await bringing;
  };
  const bringAll = async (): Promise<void> => {
    const { tools: kept = [] } = (await find()) ?? {};
    const wanted = kept.filter(({ tool }) => tools.some(({ name }) => name === tool));
    await Promise.allSettled(wanted.map(bring));
  };
  let ahead: Promise<unknown> | undefined;
  return {
    // Whoever asks for them learns of what went wrong.
    begin: () => void (ahead ??= bringAll().catch(() => undefined)),
    find,
    bring,
    async [Symbol.asyncDispose]() {
      ended.abort();
      await ahead;
    },
  };
}

async function bringLayers(
  { folders, layers }: ToolDownloads,
  source: DownloadRequest['source'],
  staging: Staging,
  options: CallOptions,
): Promise<void> {
  for (const layer of layers) {
    if (!(await source.fetch(layer, options))) throw new Error(`its layer ${layer.digest} has gone`);
    await checkCacheLayer(staging.readLayer(layer), folders.map(rawPath), options);
  }
}

import type { DownloadRequest, KeptDownloads } from '../build/downloads/download-request.ts';
import type { DownloadCache } from '../observe/download-cache.ts';
import { readDownloadCache } from '../observe/read-download-cache.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import type { Staging } from '../oci/staging.ts';
import { downloadCacheTag } from '../oci/tags.ts';
import { scopesOf } from '../plan/scope.ts';
import { keepDownloads } from '../publish/keep-downloads.ts';
import type { PlannedPush } from './plan-push.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

/** What a run of a push's tasks is to do about downloads; `undefined` where none are kept. */
export function downloadRequest(
  { event, facts }: PlannedPush,
  base: ImageConfig,
  staging: Staging,
  { target, blobSource }: Ports,
  { settings, log }: Session,
): DownloadRequest | undefined {
  const tools = settings['download-cache'];
  if (tools.length === 0) return undefined;
  const { read } = scopesOf(event, settings['protected-branches']);
  const tags = read.map((scope) => downloadCacheTag(scope, facts.platform));
  return {
    tools,
    limit: settings['download-cache-limit'],
    imageVariables: variablesOf(base),
    source: {
      find: (options) => readDownloadCache(tags, { target, log }, options),
      fetch: (layer, options) => blobSource.fetchBlob(layer, staging.directory, options),
    },
  };
}

function variablesOf({ config }: ImageConfig): Readonly<Record<string, string>> {
  const pairs = (config?.Env ?? []).map((line): [string, string] => {
    const [name = ''] = line.split('=', 1);
    return [name, line.slice(name.length + 1)];
  });
  return Object.fromEntries(pairs);
}

/** Keeps what is new of the downloads of a run for later ones of its scope, once its image is there. */
export async function saveDownloadCache(
  { plan: { scope }, facts }: PlannedPush,
  kept: KeptDownloads | undefined,
  staging: Staging,
  { target }: Ports,
  { log, signal }: Session,
): Promise<void> {
  if (kept === undefined || kept.news.length === 0) return;
  await log.step('download cache', async (step) => {
    const tools = [...kept.tools];
    const cache: DownloadCache = { schemaVersion: 1, scope, commit: facts.commit.id, tools };
    const request = { tag: downloadCacheTag(scope, facts.platform), platform: facts.platform, cache };
    const sent = await keepDownloads(request, { staging, target, log }, { signal });
    step.conclude(sent === undefined ? 'not kept' : kept.news.join(', '));
  });
}

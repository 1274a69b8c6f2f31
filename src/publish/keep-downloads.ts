import { canonicalJson } from '../kernel/canonical-json.ts';
import { messageOf } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import type { DownloadCache } from '../observe/download-cache.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { digestOf } from '../oci/digest.ts';
import { MEDIA_TYPE } from '../oci/media-types.ts';
import type { Platform } from '../oci/platform.ts';
import type { Staging } from '../oci/staging.ts';
import type { Transfer, Uploader } from './uploader.ts';

export interface DownloadsRequest {
  readonly tag: string;
  readonly platform: Platform;
  /** Its layers are in staging. */
  readonly cache: DownloadCache;
}

/**
 * Keeps what package managers downloaded, as an ordinary image, so that every registry takes it and keeps its layers.
 * What the target has is not sent again. Of two runs that do so at once the later one counts. What goes wrong is one
 * warning: a later run downloads it again.
 */
export async function keepDownloads(
  { tag, platform, cache }: DownloadsRequest,
  ports: { readonly staging: Staging; readonly target: Uploader; readonly log: Log },
  options: CallOptions,
): Promise<Transfer | undefined> {
  try {
    await stageDownloads({ tag, platform, cache }, ports.staging, options);
    return await ports.target.upload(ports.staging.directory, tag, options);
  } catch (thrown) {
    options.signal.throwIfAborted();
    ports.log.warn(`cannot keep what the tasks downloaded: ${messageOf(thrown)}`);
    return undefined;
  }
}

async function stageDownloads(
  { tag, platform: { os, architecture, variant }, cache }: DownloadsRequest,
  staging: Staging,
  options: CallOptions,
): Promise<void> {
  const layers = cache.tools.flatMap((tool) => tool.layers);
  const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) };
  const config = Buffer.from(canonicalJson({ os, architecture, variant, config: {}, rootfs }));
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.manifest,
    config: { mediaType: MEDIA_TYPE.config, digest: digestOf(config), size: config.byteLength },
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    annotations: { [ANNOTATION.downloadCache]: canonicalJson(cache) },
  };
  await staging.addBlob(MEDIA_TYPE.config, config, options);
  await staging.addManifest(tag, MEDIA_TYPE.manifest, Buffer.from(canonicalJson(manifest)), options);
}

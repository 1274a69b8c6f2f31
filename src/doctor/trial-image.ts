import { MEDIA_TYPE } from '../oci/media-types.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Platform } from '../oci/platform.ts';
import type { Staging } from '../oci/staging.ts';
import { tarOf } from '../oci/tar-writer.ts';

/**
 * Stages an ordinary image of one empty file under `tag`. The tag is in its config, so that no two trials share a
 * manifest: deleting one takes all of its tags away.
 */
export async function stageTrialImage(
  tag: string,
  { os, architecture }: Platform,
  staging: Staging,
  options: CallOptions,
): Promise<Descriptor> {
  const entry = { path: 'empty', kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, size: 0 } as const;
  const layer = await staging.addLayer('task', tarOf([entry]), options);
  const rootfs = { type: 'layers', diff_ids: [layer.diffId] };
  const config = { os, architecture, config: { Labels: { 'dev.preheat.trial': tag } }, rootfs };
  const configBlob = await staging.addBlob(MEDIA_TYPE.config, bytesOf(config), options);
  const { mediaType, digest, size } = layer;
  const layers = [{ mediaType, digest, size }];
  const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPE.manifest, config: configBlob, layers };
  await staging.addManifest(tag, MEDIA_TYPE.manifest, bytesOf(manifest), options);
  return configBlob;
}

function bytesOf(value: object): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

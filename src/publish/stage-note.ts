import { canonicalJson } from '../kernel/canonical-json.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { digestOf } from '../oci/digest.ts';
import { MEDIA_TYPE } from '../oci/media-types.ts';
import type { Platform } from '../oci/platform.ts';
import type { Staging } from '../oci/staging.ts';

/** A text that is kept under a tag. */
export interface Note {
  readonly tag: string;
  readonly platform: Platform;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Stages a text as an image without layers, as records have it, so that every registry takes it. */
export async function stageNote(
  { tag, platform: { os, architecture, variant }, annotations }: Note,
  staging: Staging,
  options: CallOptions,
): Promise<void> {
  const rootfs = { type: 'layers', diff_ids: [] };
  const config = Buffer.from(canonicalJson({ os, architecture, variant, config: {}, rootfs }));
  const descriptor = { mediaType: MEDIA_TYPE.config, digest: digestOf(config), size: config.byteLength };
  const content = { schemaVersion: 2, mediaType: MEDIA_TYPE.manifest, config: descriptor, layers: [] };
  const manifest = Buffer.from(canonicalJson({ ...content, annotations }));
  await staging.addBlob(MEDIA_TYPE.config, config, options);
  await staging.addManifest(tag, MEDIA_TYPE.manifest, manifest, options);
}

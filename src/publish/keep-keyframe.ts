import { canonicalJson } from '../kernel/canonical-json.ts';
import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { Log } from '../kernel/log.ts';
import { keyframeText, type Keyframe } from '../observe/keyframe.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { digestOf } from '../oci/digest.ts';
import { MEDIA_TYPE } from '../oci/media-types.ts';
import type { Platform } from '../oci/platform.ts';
import type { Staging } from '../oci/staging.ts';
import type { Transfer, Uploader } from './uploader.ts';

/** A source layer upon which later builds may lay deltas. */
export interface KeyframeRequest {
  readonly tag: string;
  readonly keyframe: Keyframe;
  readonly platform: Platform;
}

/** Registries and clients read configs of at most 4 MiB; what is larger could be written but never read. */
const LARGEST_CONFIG = 4 * 1024 * 1024;

/**
 * Keeps a keyframe as an ordinary image with its layer (as records are kept), the keyframe in the config's label
 * `dev.preheat.keyframe`. The layer is in the target already, as the image's. What goes wrong is one warning: the next
 * build lays its sources whole.
 */
export async function keepKeyframe(
  request: KeyframeRequest,
  { staging, target, log }: { readonly staging: Staging; readonly target: Uploader; readonly log: Log },
  options: CallOptions,
): Promise<Transfer> {
  try {
    await stageKeyframe(request, staging, options);
    return await target.upload(staging.directory, request.tag, options);
  } catch (thrown) {
    options.signal.throwIfAborted();
    log.warn(`cannot keep the sources as a keyframe: ${messageOf(thrown)}; the next build lays them whole`);
    return { blobs: 0, bytes: 0 };
  }
}

async function stageKeyframe(
  { tag, keyframe, platform: { os, architecture, variant } }: KeyframeRequest,
  staging: Staging,
  options: CallOptions,
): Promise<void> {
  const { mediaType, digest, size, diffId } = keyframe.layer;
  const labels = { [ANNOTATION.keyframe]: keyframeText(keyframe) };
  const rootfs = { type: 'layers', diff_ids: [diffId] };
  const config = Buffer.from(
    canonicalJson({ os, architecture, variant, config: { Labels: labels }, rootfs }),
  );
  if (config.byteLength > LARGEST_CONFIG) throw tooLarge(config.byteLength);
  const described = { mediaType: MEDIA_TYPE.config, digest: digestOf(config), size: config.byteLength };
  const layers = [{ mediaType, digest, size }];
  const content = { schemaVersion: 2, mediaType: MEDIA_TYPE.manifest, config: described, layers };
  await staging.addBlob(MEDIA_TYPE.config, config, options);
  await staging.addManifest(tag, MEDIA_TYPE.manifest, Buffer.from(canonicalJson(content)), options);
}

function tooLarge(size: number): PreheatError {
  return new PreheatError(`what is to be remembered of it has ${size} bytes, more than 4 MiB`, {
    phase: 'publish',
  });
}

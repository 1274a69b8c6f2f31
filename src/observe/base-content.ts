import { PreheatError, type FailureOptions } from '../kernel/failure.ts';
import { ANNOTATION } from '../oci/annotations.ts';
import type { ContentStore } from '../oci/content-store.ts';
import { ImageConfig } from '../oci/image-config.ts';
import { MOST_BASE_LAYERS } from '../oci/layer-limit.ts';
import type { Manifest } from '../oci/manifest.ts';
import { formatPlatform, platformMatches, type Platform } from '../oci/platform.ts';
import type { BaseFacts } from './facts.ts';

/** Manifest and config of a base image: what an image on top of it is put together from. */
export interface BaseContent {
  readonly manifest: Manifest;
  readonly config: ImageConfig;
}

/**
 * Reads manifest and config of the pinned base from a registry or layout; no layer. `tagOrDigest` names it in `store`.
 * Throws code `not-found` when it has gone, `corrupt` when its parts do not fit together, and `failed` when nothing can
 * be built on it: it is made for another platform (an index tells that by its members, a lone manifest only by its
 * config), has too many layers, or is a workspace image itself. {@link refuseUnfitBase} judges the same.
 */
export async function readBaseContent(
  base: BaseFacts,
  store: ContentStore,
  tagOrDigest: string,
  options: { readonly platform: Platform; readonly signal: AbortSignal },
): Promise<BaseContent> {
  const found = await store.readManifest(tagOrDigest, options);
  const bytes = found === undefined ? undefined : await store.readBlob(found.manifest.config, options);
  if (found === undefined || bytes === undefined) {
    throw new PreheatError(`cannot read base image ${base.reference}: ${base.digest} has gone`, {
      phase: 'observe',
      code: 'not-found',
      hint: 'Run the build again; with --base-refresh always where the default branch has pinned it.',
    });
  }
  const config = parseConfig(base, bytes);
  if (config.rootfs.diff_ids.length !== found.manifest.layers.length) {
    throw corrupt(base, 'its config lists another number of layers than its manifest');
  }
  const content = { manifest: found.manifest, config };
  refuseUnfitBase(base, content, options.platform);
  return content;
}

/** Throws a `PreheatError` (observe) for an image on which no workspace image can be built. */
export function refuseUnfitBase(base: BaseFacts, { config }: BaseContent, platform: Platform): void {
  const layers = config.rootfs.diff_ids.length;
  if (!platformMatches(config, platform)) throw otherPlatform(base, config, platform);
  if (layers > MOST_BASE_LAYERS) {
    throw unfit(
      base,
      `it has ${layers} layers, which leaves no room for ours: ${MOST_BASE_LAYERS} are the most`,
      {
        hint: 'Merge layers of the image (fewer RUN and COPY lines), or choose another one.',
      },
    );
  }
  if (config.config?.Labels?.[ANNOTATION.workspace] !== undefined) {
    // Its sources and start scripts would show through in the new one.
    throw unfit(base, 'it is a workspace image that preheat made', {
      hint: 'Name the image that it was built from.',
    });
  }
}

function parseConfig(base: BaseFacts, bytes: Uint8Array): ImageConfig {
  try {
    return ImageConfig.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (thrown) {
    throw corrupt(base, 'its config is no OCI image config', thrown);
  }
}

function otherPlatform(base: BaseFacts, offered: Platform, wanted: Platform): PreheatError {
  return unfit(base, `it is made for ${formatPlatform(offered)}, not for ${formatPlatform(wanted)}`, {
    hint: 'Choose another image, or another --platform.',
  });
}

function corrupt(base: BaseFacts, why: string, cause?: unknown): PreheatError {
  return unfit(base, why, { code: 'corrupt', cause });
}

function unfit(base: BaseFacts, why: string, options: Omit<FailureOptions, 'phase'>): PreheatError {
  return new PreheatError(`cannot use base image ${base.reference}: ${why}`, {
    phase: 'observe',
    ...options,
  });
}

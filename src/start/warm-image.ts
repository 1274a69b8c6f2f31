import { PreheatError } from '../kernel/failure.ts';
import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import { parseDigest, type Digest } from '../oci/digest.ts';
import { ImageConfig } from '../oci/image-config.ts';
import { formatImage, formatLocation } from '../oci/location.ts';
import type { Manifest } from '../oci/manifest.ts';
import type { Platform } from '../oci/platform.ts';
import { firstKept, type Candidate } from './candidate.ts';
import { workspaceLabelOf, type WorkspaceLabel } from './workspace-label.ts';

/** A warm image as it is kept, before the engine has it. */
export interface WarmImage {
  readonly candidate: Candidate;
  /** Name by digest: `host/path@sha256:…` or `oci:DIR@sha256:…`. */
  readonly image: string;
  /** Digest of its manifest. */
  readonly digest: Digest;
  readonly manifest: Manifest;
  readonly config: ImageConfig;
  readonly label: WorkspaceLabel;
}

export interface WarmImageRequest {
  /** Where to look, best first. */
  readonly candidates: readonly Candidate[];
  /** Which member of an index to take. */
  readonly platform?: Platform;
}

/**
 * Finds the first candidate that is kept and reads its manifest and config. Throws a `PreheatError` of phase `start`
 * with code `not-found` when there is none, and `corrupt` for what is no workspace image.
 */
export async function findWarmImage(
  request: WarmImageRequest,
  store: ContentStore,
  options: CallOptions,
): Promise<WarmImage> {
  const candidate = await firstKept(request.candidates, store, options);
  if (candidate === undefined) throw nothingWarm(request.candidates, store);
  const platform = request.platform === undefined ? {} : { platform: request.platform };
  const stored = await store.readManifest(candidate.tag, { ...options, ...platform });
  if (stored === undefined) throw gone(candidate, 'its manifest has gone');
  const bytes = await store.readBlob(stored.manifest.config, options);
  if (bytes === undefined) throw gone(candidate, 'its config has gone');
  const config = configOf(bytes, candidate);
  const digest = parseDigest(stored.descriptor.digest);
  const image = formatImage(store.location, digest);
  return {
    candidate,
    image,
    digest,
    manifest: stored.manifest,
    config,
    label: workspaceLabelOf(config, image),
  };
}

function configOf(bytes: Uint8Array, candidate: Candidate): ImageConfig {
  try {
    return ImageConfig.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (thrown) {
    throw gone(candidate, 'its config cannot be read', thrown);
  }
}

function nothingWarm(candidates: readonly Candidate[], store: ContentStore): PreheatError {
  const sought = candidates.slice(0, 3).map(({ why }) => why);
  const more = candidates.length > sought.length ? ` and ${candidates.length - sought.length} more` : '';
  const where = formatLocation(store.location);
  const reason =
    sought.length === 0 ? 'there is nothing to look for' : `none for ${sought.join(', ')}${more}`;
  return new PreheatError(`cannot find a warm image in ${where}: ${reason}`, {
    phase: 'start',
    code: 'not-found',
    hint: 'Push the commit and wait for its prebuild, or run `preheat build`.',
  });
}

function gone({ tag }: Candidate, why: string, cause?: unknown): PreheatError {
  return new PreheatError(`cannot start the image tagged ${tag}: ${why}`, {
    phase: 'start',
    code: 'corrupt',
    hint: 'Build it again with `preheat build`.',
    cause,
  });
}

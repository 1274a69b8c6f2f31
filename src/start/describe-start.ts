import type { CallOptions, ContentStore } from '../oci/content-store.ts';
import { engineName } from './engine-name.ts';
import { printSpec } from './print-spec.ts';
import { runSpec } from './run-spec.ts';
import type { StartRequest } from './start.ts';
import { findWarmImage } from './warm-image.ts';

/** What a start would do. */
export interface StartDescription {
  readonly image: string;
  readonly why: string;
  /** The equivalent `docker run`. */
  readonly command: string;
}

/**
 * Finds out what `start` would run, without asking the engine anything. The command of an image from an OCI
 * layout works once a start has loaded it.
 */
export async function describeStart(
  request: Omit<StartRequest, 'portsBoundMs'>,
  store: ContentStore,
  options: CallOptions,
): Promise<StartDescription> {
  const warm = await findWarmImage(request, store, options);
  const image = store.location.kind === 'layout' ? engineName(warm.digest) : warm.image;
  const spec = runSpec({ ...request, warm, image, takenNames: new Set() });
  return { image: warm.image, why: warm.candidate.why, command: printSpec(spec) };
}

import type { DockerfileFacts } from '../observe/dockerfile-facts.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { digestOf, type Digest } from '../oci/digest.ts';
import type { Platform } from '../oci/platform.ts';

/** Raised when the same Dockerfile would be built differently. */
const DOCKERFILE_SEMANTICS = 1;

/**
 * The key of everything that goes into a base that is built from a Dockerfile. `network` is the one of its `RUN`s where
 * it is not the usual one.
 */
export function baseKey(
  { text, inputs, images, file, args, target }: DockerfileFacts,
  platform: Platform,
  network?: string,
): Digest {
  const semantics = DOCKERFILE_SEMANTICS;
  const content = { semantics, file, args, target, text, inputs, images: [...images], platform, network };
  return digestOf(canonicalJson({ kind: 'dockerfile', content }));
}

import type { DockerfileFacts } from '../observe/dockerfile-facts.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { digestOf, type Digest } from '../oci/digest.ts';
import type { Platform } from '../oci/platform.ts';

/** Raised when the same Dockerfile would be built differently. */
const DOCKERFILE_SEMANTICS = 1;

/** The key of everything that goes into a base that is built from a Dockerfile. */
export function baseKey({ text, inputs, images, file }: DockerfileFacts, platform: Platform): Digest {
  const content = { semantics: DOCKERFILE_SEMANTICS, file, text, inputs, images: [...images], platform };
  return digestOf(canonicalJson({ kind: 'dockerfile', content }));
}

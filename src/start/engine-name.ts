import { shortDigest, type Digest } from '../oci/digest.ts';

/** The name that an image from an OCI layout gets on the engine, so that pruning does not take it for a leftover. */
export function engineName(digest: Digest): string {
  return `preheat:${shortDigest(digest)}`;
}

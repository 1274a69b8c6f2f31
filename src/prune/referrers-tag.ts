import { isDigest, type Digest } from '../oci/digest.ts';

/** The image whose referrers a tag lists (distribution-spec, "Referrers Tag Schema"); `undefined` for any other tag. */
export function subjectOf(tag: string): Digest | undefined {
  const digest = tag.replace('-', ':');
  return isDigest(digest) ? digest : undefined;
}

import type { LocalImages } from '../../observe/local-images.ts';
import { parseDigest } from '../../oci/digest.ts';
import type { EngineClient } from './engine-client.ts';
import { parseReference } from '../../oci/reference.ts';
import { findImage } from './find-image.ts';

/** The observe stage's `LocalImages` on Docker Engine. */
export function createLocalImages(client: EngineClient): LocalImages {
  return {
    async find(reference, options) {
      const image = await findImage(client, reference, options);
      if (image === undefined) return undefined;
      const { Id, Os: os, Architecture: architecture } = image;
      const variant = image.Variant ?? '';
      return {
        id: parseDigest(Id),
        platform: { os, architecture, ...(variant !== '' && { variant }) },
        // Docker on containerd's store gives every image one, so that the question cannot be answered there.
        fromRegistry: (image.RepoDigests ?? []).some((name) => isOfRepository(name, reference)),
      };
    },
  };
}

/** An image may be known in other repositories too (as someone's base, say); what counts is the one that is named. */
function isOfRepository(digestName: string, reference: string): boolean {
  const [known, named] = [digestName, reference].map((text) => parseReference(text));
  return known?.registry === named?.registry && known?.repository === named?.repository;
}

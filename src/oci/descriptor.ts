import * as z from 'zod';
import { isDigest, type Digest } from './digest.ts';

/** A digest in a record or a manifest. */
export const DigestText = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value), {
  message: 'not a sha256 digest',
});

/** What points at content: media type, digest and size in bytes (image-spec, "OCI Content Descriptors"). */
export const Descriptor = z.object({
  mediaType: z.string(),
  digest: DigestText,
  size: z.number().int().nonnegative(),
  annotations: z.record(z.string(), z.string()).optional(),
  artifactType: z.string().optional(),
});
export type Descriptor = Readonly<z.infer<typeof Descriptor>>;

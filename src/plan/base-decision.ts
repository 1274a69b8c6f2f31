import * as z from 'zod';
import { BaseFacts } from '../observe/facts.ts';
import { DigestText } from '../oci/descriptor.ts';

/** Whether the base image is there, and why. */
export const BaseDecision = z.discriminatedUnion('kind', [
  /** An image by name: somebody else made it. */
  z.object({ kind: z.literal('named'), reason: z.string(), base: BaseFacts }),
  /** It was built from the same Dockerfile and the same inputs before, and is kept under `tag`. */
  z.object({ kind: z.literal('hit'), reason: z.string(), tag: z.string(), base: BaseFacts }),
  /** It is to be built and, if it has a key, to be kept under `tag`. */
  z.object({
    kind: z.literal('miss'),
    reason: z.string(),
    key: DigestText,
    tag: z.string(),
  }),
]);
export type BaseDecision = Readonly<z.infer<typeof BaseDecision>>;

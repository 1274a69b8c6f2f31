import * as z from 'zod';
import { DigestText } from '../oci/descriptor.ts';

/** What the registry (or layout) confirmed. */
export const Publication = z.object({
  schemaVersion: z.literal(1),
  /** As `--registry` takes it. */
  location: z.string(),
  /** The name to pull the image by: location and commit tag. */
  image: z.string(),
  digest: DigestText,
  tags: z.array(z.string()),
  /** `published` by this run, `present` already, or `adopted` from a run that was first. */
  outcome: z.enum(['published', 'present', 'adopted']),
  /** What this run sent. */
  uploaded: z.object({ blobs: z.number().int(), bytes: z.number().int() }),
});
export type Publication = Readonly<z.infer<typeof Publication>>;

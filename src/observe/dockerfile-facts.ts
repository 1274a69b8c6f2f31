import * as z from 'zod';
import { DigestText } from '../oci/descriptor.ts';
import { BaseFacts } from './facts.ts';

/** What a base that is to be built from a Dockerfile depends on, read from the commit and from registries. */
export const DockerfileFacts = z.object({
  schemaVersion: z.literal(1),
  /** Paths in the repository. */
  file: z.string(),
  context: z.string(),
  /** Values for its `ARG`s, and the stage that is built; absent where the configuration says nothing of them. */
  args: z.record(z.string(), z.string()).optional(),
  target: z.string().optional(),
  /** Digest of the Dockerfile's text. */
  text: DigestText,
  /** Digest over the context files that the build can read: names, modes, contents, attributes. */
  inputs: DigestText,
  /** The images that it names, sorted by reference. */
  images: z.array(BaseFacts),
  /** Why its result cannot be known from its inputs, if so. */
  uncached: z.string().optional(),
});
export type DockerfileFacts = Readonly<z.infer<typeof DockerfileFacts>>;

import * as z from 'zod';
import { DigestText } from '../oci/descriptor.ts';
import { DockerfileFacts } from './dockerfile-facts.ts';
import { ResolvedBase } from './facts.ts';

/** What lay under the tag of a base that was built from a Dockerfile. */
export const BaseAnswer = z.object({
  tag: z.string(),
  /** Digest of its manifest, and the key that it carries; absent when there was none. */
  digest: DigestText.optional(),
  key: z.string().optional(),
});
export type BaseAnswer = Readonly<z.infer<typeof BaseAnswer>>;

/** What was found out about the base image before anything is built. */
export const ObservedBase = z.discriminatedUnion('kind', [
  z.object({ schemaVersion: z.literal(1), kind: z.literal('named'), resolved: ResolvedBase }),
  z.object({
    schemaVersion: z.literal(1),
    kind: z.literal('dockerfile'),
    dockerfile: DockerfileFacts,
    /** The images that it names, pinned. */
    resolved: z.array(ResolvedBase),
    answers: z.array(BaseAnswer),
  }),
]);
export type ObservedBase = Readonly<z.infer<typeof ObservedBase>>;

import { z } from 'zod';
import { DigestText } from '../oci/descriptor.ts';

/** A port of a workspace; `answers` tells whether something listened there before the start ended. */
export const StartedPort = z.object({
  containerPort: z.number().int(),
  hostPort: z.number().int(),
  url: z.string(),
  answers: z.boolean(),
});
export type StartedPort = Readonly<z.infer<typeof StartedPort>>;

/** What a start did: the record behind `preheat start --json`. */
export const StartResult = z.object({
  schemaVersion: z.literal(1),
  /** Name of the container. */
  name: z.string(),
  /** Its id on the engine. */
  id: z.string(),
  /** Name of the image by digest, and the digest of its manifest. */
  image: z.string(),
  digest: DigestText,
  /** Why this image was taken. */
  why: z.string(),
  shell: z.string(),
  editor: z.string(),
  ports: z.array(StartedPort),
  /** Milliseconds: until the engine had the image, until the container ran, until its tasks were started. */
  timings: z.object({ image: z.number(), run: z.number(), ready: z.number() }),
});
export type StartResult = Readonly<z.infer<typeof StartResult>>;

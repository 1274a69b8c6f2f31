import * as z from 'zod';
import { DigestText } from '../oci/descriptor.ts';

/** What `.gitpod.yml` says of a port or of the range that it lies in. */
const DescribedPort = z.object({
  onOpen: z.string(),
  visibility: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
});

/** A port of a workspace; `answers` tells whether something listened there before the start ended. */
export const StartedPort = z.object({
  containerPort: z.number().int(),
  hostPort: z.number().int(),
  url: z.string(),
  answers: z.boolean(),
  ...DescribedPort.partial().shape,
});
export type StartedPort = Readonly<z.infer<typeof StartedPort>>;

/** Ports that are not published: a wide range, or one to be ignored completely. */
export const UnpublishedPorts = z.object({
  first: z.number().int(),
  last: z.number().int(),
  ...DescribedPort.shape,
});
export type UnpublishedPorts = Readonly<z.infer<typeof UnpublishedPorts>>;

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
  unpublished: z.array(UnpublishedPorts),
  /** Milliseconds: until the engine had the image, until the container ran, until its tasks were started. */
  timings: z.object({ image: z.number(), run: z.number(), ready: z.number() }),
});
export type StartResult = Readonly<z.infer<typeof StartResult>>;

import * as z from 'zod';
import { Descriptor } from './descriptor.ts';
import { Platform } from './platform.ts';

/** An image manifest (image-spec, "OCI Image Manifest"); Docker's schema 2 has the same shape. */
export const Manifest = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  config: Descriptor,
  // Programs in Go write null for an empty list.
  layers: z
    .array(Descriptor)
    .nullable()
    .transform((layers) => layers ?? []),
  subject: Descriptor.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
export type Manifest = Readonly<z.infer<typeof Manifest>>;

/** An image index, or Docker's manifest list: manifests by platform. */
export const ImageIndex = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  manifests: z.array(Descriptor.extend({ platform: Platform.optional() })),
  annotations: z.record(z.string(), z.string()).optional(),
});
export type ImageIndex = Readonly<z.infer<typeof ImageIndex>>;

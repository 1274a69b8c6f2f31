import * as z from 'zod';
import { LayerRole } from '../oci/layer.ts';

/** What a workspace image is made of. */
export const ImageInspection = z.object({
  schemaVersion: z.literal(1),
  /** Name to pull by, and digest. */
  image: z.string(),
  digest: z.string(),
  commit: z.string().optional(),
  /** Digest of the base's manifest; a name only where it is an image that has one. */
  base: z.object({ name: z.string().optional(), digest: z.string().optional() }),
  imageKey: z.string().optional(),
  /** Content key of the step that ran its tasks. */
  stepKey: z.string().optional(),
  /** The run that made its task and patch layers; absent where its record has gone. */
  run: z
    .object({
      tag: z.string(),
      commit: z.string().optional(),
      /** For people: `protected branch main`. */
      scope: z.string(),
      rule: z.string(),
      recordedAt: z.string(),
      durationMs: z.number().nonnegative(),
      /** Whether it ran on another commit than the image's. */
      reused: z.boolean(),
    })
    .optional(),
  layers: z.array(
    z.object({ role: LayerRole, digest: z.string(), size: z.number().int(), madeBy: z.string() }),
  ),
});
export type ImageInspection = Readonly<z.infer<typeof ImageInspection>>;

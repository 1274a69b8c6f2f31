import * as z from 'zod';
import { DigestText } from './descriptor.ts';
import { DiffIdText } from './image-config.ts';

/** What a layer of a workspace image holds, bottom to top. */
export const LayerRole = z.enum(['base', 'task', 'runtime', 'source', 'delta', 'patch']);
export type LayerRole = z.infer<typeof LayerRole>;

/**
 * A layer by its digests; its bytes are read only by who needs them. `size` is that of the stored (compressed)
 * blob.
 */
export const Layer = z.object({
  role: LayerRole,
  mediaType: z.string(),
  digest: DigestText,
  diffId: DiffIdText,
  size: z.number().int().nonnegative(),
});
export type Layer = Readonly<z.infer<typeof Layer>>;

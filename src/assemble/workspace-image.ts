import * as z from 'zod';
import { Descriptor, DigestText } from '../oci/descriptor.ts';
import { Layer } from '../oci/layer.ts';

/** An image that is put together but not yet published. */
export const WorkspaceImage = z.object({
  schemaVersion: z.literal(1),
  manifest: Descriptor,
  config: Descriptor,
  imageKey: DigestText,
  /** All layers, bottom to top, the base's too. */
  layers: z.array(Layer),
});
export type WorkspaceImage = Readonly<z.infer<typeof WorkspaceImage>>;

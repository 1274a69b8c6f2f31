import * as z from 'zod';
import { DigestText } from '../oci/descriptor.ts';

/** The digest that a name meant when the default branch last asked for it. */
export const BasePin = z.object({
  digest: DigestText,
  /** RFC 3339. */
  pinnedAt: z.iso.datetime(),
});
export type BasePin = Readonly<z.infer<typeof BasePin>>;

/**
 * What base images mean for all branches, as the default branch's builds left it: so a tag that moves cools no branch
 * before the default branch has moved with it.
 */
export const BasePins = z.object({
  schemaVersion: z.literal(1),
  /** By reference in full, such as `docker.io/library/node:24`. */
  pins: z.record(z.string(), BasePin),
});
export type BasePins = Readonly<z.infer<typeof BasePins>>;

/** Pins as they stand in an annotation: JSON. */
export const BasePinsText = z.string().transform((text, context) => {
  try {
    return BasePins.parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'no pins of base images' });
    return z.NEVER;
  }
});

import * as z from 'zod';
import { Layer } from '../oci/layer.ts';
import { Claims, ImageUser, Owner } from '../observe/step-record.ts';

/** What one executed (or reused) step left. */
export const StepResult = z.object({
  schemaVersion: z.literal(1),
  step: z.string(),
  outcome: z.enum(['ran', 'reused']),
  user: ImageUser,
  layers: z.array(Layer),
  claims: Claims,
  /** The paths of the sources and of preheat's own files that the patch touches; `below`: with all that lies below. */
  patched: z.array(z.object({ path: z.string(), below: z.boolean() })),
  /** Whom the source layer gives the checkout to, where that is not `user`. */
  sourceOwner: Owner.optional(),
  /** Why the sources above these layers have to lie whole in one layer, if they must. */
  wholeSources: z.string().optional(),
  durationMs: z.number().nonnegative(),
  /** One entry a task: how it ended and how long it ran. */
  tasks: z.array(
    z.object({ name: z.string(), exitCode: z.number().int(), durationMs: z.number().nonnegative() }),
  ),
});
export type StepResult = Readonly<z.infer<typeof StepResult>>;

import * as z from 'zod';
import { Keyframe } from './keyframe.ts';

/** What is known of the keyframes of a push. */
export const KeyframeFacts = z.object({
  /** The one that comes nearest to the commit. */
  nearest: z.object({ tag: z.string(), keyframe: Keyframe }).optional(),
  /** The largest number that a keyframe of the push's own scope has; 0 without any. */
  newest: z.number().int().nonnegative(),
});
export type KeyframeFacts = Readonly<z.infer<typeof KeyframeFacts>>;

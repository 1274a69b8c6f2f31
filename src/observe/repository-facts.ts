import * as z from 'zod';
import { PushedRef } from '../event/push-event.ts';

/** A repository that lies beside the pushed one, pinned. */
export const RepositoryFacts = z.object({
  /** Its address, without credentials. */
  url: z.string(),
  /** Full object id. */
  commit: z.string(),
  /** What HEAD of its checkout names. */
  ref: PushedRef,
  /** Absolute folder of its checkout. */
  location: z.string(),
});
export type RepositoryFacts = Readonly<z.infer<typeof RepositoryFacts>>;

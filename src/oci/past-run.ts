import * as z from 'zod';
import { ANNOTATION } from './annotations.ts';
import type { Manifest } from './manifest.ts';

/** A run that published an image, as its report in the registry remembers it. */
export const PastRun = z.object({
  /** Full commit id. */
  commit: z.string(),
  /** The branch or tag that was pushed; empty where there was none. */
  ref: z.string(),
  pullRequest: z.number().int().optional(),
  /** RFC 3339. */
  finishedAt: z.string(),
  durationMs: z.number().nonnegative(),
  steps: z.array(
    z.object({
      name: z.string(),
      outcome: z.enum(['reused', 'ran', 'failed', 'not-reached']),
      /** What it took, and what its reuse saved. */
      durationMs: z.number().nonnegative().optional(),
      savedMs: z.number().nonnegative().optional(),
      savedBytes: z.number().nonnegative().optional(),
    }),
  ),
  /** Stored bytes of all layers, and what this run sent. */
  imageBytes: z.number().nonnegative(),
  uploadedBytes: z.number().nonnegative(),
});
export type PastRun = Readonly<z.infer<typeof PastRun>>;

/** Runs of a line of commits, newest first, as they stand in an annotation: JSON. */
export const PastRunsText = z.string().transform((text, context) => {
  try {
    return z.object({ schemaVersion: z.literal(1), runs: z.array(PastRun) }).parse(JSON.parse(text)).runs;
  } catch {
    context.addIssue({ code: 'custom', message: 'no history that this version reads' });
    return z.NEVER;
  }
});

/** The runs that the manifest of a report remembers; throws for one that is none, or of a later version. */
export function pastRunsIn({ annotations }: Pick<Manifest, 'annotations'>): readonly PastRun[] {
  return PastRunsText.parse(annotations?.[ANNOTATION.pastRuns]);
}

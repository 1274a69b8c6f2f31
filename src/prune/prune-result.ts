import * as z from 'zod';
import type { Decision } from './decide.ts';
import { freedBytes } from './freed-bytes.ts';

const ContentKind = z.enum([
  'image',
  'report',
  'referrers',
  'hint',
  'record',
  'keyframe',
  'base',
  'pins',
  'cache',
  'foreign',
]);

/** What a clean-up lets go, or would. */
export const PruneResult = z.object({
  schemaVersion: z.literal(1),
  /** As `--registry` takes it. */
  location: z.string(),
  /** Whether anything was deleted; else it was only said. */
  applied: z.boolean(),
  /** In the order in which they are deleted. */
  going: z.array(
    z.object({ kind: ContentKind, digest: z.string(), tags: z.array(z.string()), why: z.string() }),
  ),
  /** Manifests that stay, by what they are. */
  kept: z.partialRecord(ContentKind, z.number().int()),
  /** Tags that stay since nothing tells how old they are. */
  unjudged: z.array(z.string()),
  /** Bytes that nothing which stays has; where deleted, those of what has gone. */
  freedBytes: z.number().int().nonnegative(),
  /** Bytes that were freed on disk; absent where that is up to the registry, or nothing was deleted. */
  sweptBytes: z.number().int().nonnegative().optional(),
});
export type PruneResult = Readonly<z.infer<typeof PruneResult>>;

/** What is told of a decision that nothing was done about yet. */
export function resultOf({ going, kept, unjudged }: Decision, location: string): PruneResult {
  const counts: Partial<Record<z.infer<typeof ContentKind>, number>> = {};
  for (const { content } of kept) counts[content.kind] = (counts[content.kind] ?? 0) + 1;
  return {
    schemaVersion: 1,
    location,
    applied: false,
    going: going.map(({ manifest: { content, digest, tags }, why }) => ({
      kind: content.kind,
      digest,
      tags: tags.map(({ name }) => name),
      why,
    })),
    kept: counts,
    unjudged: [...unjudged],
    freedBytes: freedBytes(
      going.map(({ manifest }) => manifest),
      kept,
    ),
  };
}

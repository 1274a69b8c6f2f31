import * as z from 'zod';

/** An image that is kept under a tag. */
export const WarmImage = z.object({
  tag: z.string(),
  kind: z.enum(['branch', 'pull-request', 'commit']),
  /** Of a branch or pull request, as it stands in the tag; of a commit, who wrote it. */
  name: z.string(),
  /** Absent where the image does not say. */
  commit: z.string().optional(),
  platform: z.string().optional(),
  digest: z.string(),
  layers: z.number().int(),
  /** Stored bytes of all layers. */
  bytes: z.number().int(),
  /** When its commit was made, RFC 3339; absent where the clone does not have it. */
  committedAt: z.string().optional(),
});
export type WarmImage = Readonly<z.infer<typeof WarmImage>>;

/** What is warm in a repository of workspace images. */
export const WarmList = z.object({
  schemaVersion: z.literal(1),
  location: z.string(),
  /** All branches and pull requests, and the newest commits; newest first. */
  images: z.array(WarmImage),
  /** How many tags there are of each kind. */
  commits: z.number().int(),
  records: z.number().int(),
});
export type WarmList = Readonly<z.infer<typeof WarmList>>;

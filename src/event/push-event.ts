import * as z from 'zod';

/** What the commit was pushed to: git's own words. */
export const PushedRef = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('branch'), name: z.string() }),
  z.object({ kind: z.literal('tag'), name: z.string() }),
  z.object({ kind: z.literal('detached') }),
]);
export type PushedRef = Readonly<z.infer<typeof PushedRef>>;

/** What CI (or the local checkout) told us: which commit of which repository, and what it was pushed to. */
export const PushEvent = z.object({
  schemaVersion: z.literal(1),
  trigger: z.enum(['pipelines', 'local']),
  /** As it was told: 7 to 40 hex digits (Pipelines cuts it to 12 in pull requests); `Facts` has it in full. */
  commit: z.string(),
  ref: PushedRef,
  pullRequest: z.object({ id: z.number().int().positive(), destinationBranch: z.string() }).optional(),
  repository: z.object({
    /** The last part of its path; names the folder of the checkout. */
    name: z.string(),
    /** The URL of `origin` without credentials; absent where the checkout has no remote. */
    remoteUrl: z.string().optional(),
  }),
  defaultBranch: z.string(),
  /** Where to report to; absent outside Bitbucket. */
  bitbucket: z
    .object({
      bitbucketWorkspace: z.string(),
      repositorySlug: z.string(),
      buildNumber: z.string().optional(),
    })
    .optional(),
});
export type PushEvent = Readonly<z.infer<typeof PushEvent>>;

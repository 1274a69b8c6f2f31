import * as z from 'zod';
import { PastRun } from '../oci/past-run.ts';

/** How one step of the plan ended, for people. */
export const StepOutcome = z.object({
  name: z.string(),
  outcome: PastRun.shape.steps.element.shape.outcome,
  /** Which rule and evidence decided, in one sentence. */
  reason: z.string(),
  durationMs: z.number().nonnegative().optional(),
  /** How its inputs were found: `declared` or `whole-tree`. */
  rule: z.string().optional(),
  /** The run that was reused, or the one that comes nearest to what was asked for. */
  evidence: z
    .object({
      commit: z.string().optional(),
      scope: z.string(),
      recordedAt: z.string(),
      /** What it took: spared by a step that is reused, expected of one that runs. */
      durationMs: z.number().nonnegative(),
      layerBytes: z.number().nonnegative(),
    })
    .optional(),
  /** How many inputs answer otherwise than for the nearest run, and the first of them. */
  changes: z.number().int().nonnegative().optional(),
  change: z
    .object({
      path: z.string(),
      how: z.string(),
      before: z.string().optional(),
      after: z.string().optional(),
    })
    .optional(),
});
export type StepOutcome = Readonly<z.infer<typeof StepOutcome>>;

/** A part of the run with its time, in the order in which it started. */
export const Stage = z.object({
  name: z.string(),
  startedAt: z.string(),
  durationMs: z.number().nonnegative(),
  outcome: z.enum(['done', 'reused', 'failed']),
  detail: z.string(),
});
export type Stage = Readonly<z.infer<typeof Stage>>;

/** What a reader of the configuration found, as `kernel/diagnostic.ts` describes it. */
export const Finding = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
  path: z.string(),
  line: z.number().int().positive(),
  column: z.number().int().positive(),
  endColumn: z.number().int().positive().optional(),
  frame: z.string(),
  suggestion: z.string().optional(),
});

/** What opening the image costs someone who has another one. */
export const Price = z.object({
  /** Whose image is taken to be there: a branch's name. */
  branch: z.string(),
  /** Digest of that image. */
  digest: z.string(),
  /** Layers, and their bytes as stored, that it lacks. */
  layers: z.number().int().nonnegative(),
  bytes: z.number().nonnegative(),
  /** Estimated, by `secondsToOpen` (`report/price.ts`). */
  seconds: z.number().nonnegative(),
});
export type Price = Readonly<z.infer<typeof Price>>;

/** The record that all reports are made from. */
export const Outcome = z.object({
  schemaVersion: z.literal(1),
  /** `warm`: the image is there; `not-warm`: it is not; `interrupted`: someone ended the run. */
  result: z.enum(['warm', 'not-warm', 'interrupted']),
  exitCode: z.number().int(),
  repository: z.string(),
  commit: z.string(),
  ref: z.string(),
  pullRequest: z.number().int().optional(),
  /** The branch into which the pull request goes. */
  destination: z.string().optional(),
  /** Where on Bitbucket it was told, and the number of the pipeline's run. */
  bitbucket: z
    .object({
      bitbucketWorkspace: z.string(),
      repositorySlug: z.string(),
      buildNumber: z.string().optional(),
    })
    .optional(),
  /** Path in the repository of the configuration that was read, and what was found in it. */
  configuration: z.string().optional(),
  /** The configuration that the run was asked for, where it was for one by its path: it reports under that name. */
  askedFor: z.string().optional(),
  findings: z.array(Finding).optional(),
  /** Name to pull by, and digest, of a warm image. */
  image: z.string().optional(),
  digest: z.string().optional(),
  /** What is laid of files that Git LFS keeps; absent where the commit has none by its `.gitattributes`. */
  lfs: z.enum(['pointers', 'contents']).optional(),
  baseImage: z.object({ reference: z.string(), digest: z.string() }).optional(),
  /** Layers of the image, bottom to top. */
  layers: z.array(
    z.object({
      role: z.string(),
      digest: z.string(),
      size: z.number(),
      reused: z.boolean(),
      /** Whether the image that `price` is reckoned from has it too. */
      shared: z.boolean().optional(),
    }),
  ),
  price: Price.optional(),
  /** Runs that published images of the ancestors of this commit, newest first. */
  history: z.array(PastRun).optional(),
  steps: z.array(StepOutcome),
  stages: z.array(Stage),
  uploaded: z.object({ blobs: z.number(), bytes: z.number() }),
  failure: z
    .object({
      phase: z.string(),
      code: z.string(),
      message: z.string(),
      hint: z.string().optional(),
      /** YAML to paste into `file`, which does what the hint says. */
      remedy: z.object({ file: z.string(), yaml: z.string() }).optional(),
      /** The task that failed, how it ended, and where in `configuration` it stands, counted from one. */
      task: z.string().optional(),
      exitCode: z.number().int().optional(),
      line: z.number().int().positive().optional(),
      /** Whether the run's manner tells a failing task without letting it block anything. */
      tolerated: z.boolean().optional(),
      /** Last lines of the task that failed. */
      output: z.array(z.string()).optional(),
    })
    .optional(),
  warnings: z.array(z.string()),
  startedAt: z.string(),
  finishedAt: z.string(),
});
export type Outcome = Readonly<z.infer<typeof Outcome>>;

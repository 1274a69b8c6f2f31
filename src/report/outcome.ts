import { z } from 'zod';

/** How one step of the plan ended, for people. */
export const StepOutcome = z.object({
  name: z.string(),
  outcome: z.enum(['reused', 'ran', 'failed', 'not-reached']),
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
  /** Name to pull by, and digest, of a warm image. */
  image: z.string().optional(),
  digest: z.string().optional(),
  baseImage: z.object({ reference: z.string(), digest: z.string() }).optional(),
  /** Layers of the image, bottom to top. */
  layers: z.array(z.object({ role: z.string(), digest: z.string(), size: z.number(), reused: z.boolean() })),
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
      /** Last lines of the task that failed. */
      output: z.array(z.string()).optional(),
    })
    .optional(),
  warnings: z.array(z.string()),
  startedAt: z.string(),
  finishedAt: z.string(),
});
export type Outcome = Readonly<z.infer<typeof Outcome>>;

import * as z from 'zod';
import { DigestText } from '../oci/descriptor.ts';
import { LayerSummary } from '../observe/facts.ts';
import { InputAnswer } from '../observe/input-answer.ts';
import { InputRule, Scope, StepRecord } from '../observe/step-record.ts';

/** Whether something is there already, and why. */
export const ImageDecision = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hit'), reason: z.string(), digest: DigestText, layers: z.array(LayerSummary) }),
  z.object({ kind: z.literal('miss'), reason: z.string() }),
]);
export type ImageDecision = Readonly<z.infer<typeof ImageDecision>>;

/** How an input's answer differs from that of an earlier run. */
export const InputChange = z.object({
  path: z.string(),
  how: z.enum([
    'content',
    'mode',
    'attributes',
    'kind',
    'added',
    'gone',
    'above',
    'declared',
    'no longer declared',
  ]),
  before: z.string().optional(),
  after: z.string().optional(),
});
export type InputChange = Readonly<z.infer<typeof InputChange>>;

/** The earlier run of a step that comes nearest to what is asked for. */
export const NearestRun = z.object({
  commit: z.string(),
  scope: Scope,
  /** RFC 3339. */
  recordedAt: z.string(),
  rule: InputRule,
  /** How many answers differ, and the first of them. */
  changes: z.number().int().nonnegative(),
  change: InputChange.optional(),
  /** What it took, in milliseconds and stored bytes: what a run of now may take. */
  durationMs: z.number().nonnegative(),
  layerBytes: z.number().int().nonnegative(),
});
export type NearestRun = Readonly<z.infer<typeof NearestRun>>;

export const StepDecision = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hit'), reason: z.string(), tag: z.string(), record: StepRecord }),
  z.object({ kind: z.literal('miss'), reason: z.string(), nearest: NearestRun.optional() }),
]);
export type StepDecision = Readonly<z.infer<typeof StepDecision>>;

export const PlannedStep = z.object({
  name: z.string(),
  rule: InputRule,
  staticKey: DigestText,
  contentKey: DigestText,
  /** What its inputs answer at this commit. */
  answers: z.array(InputAnswer),
  /** Whether it runs any command; a step without work still learns the image's user. */
  hasWork: z.boolean(),
  /** Where its record goes. */
  recordTag: z.string(),
  /** Where later builds find what this one ran. */
  hintTag: z.string(),
  decision: StepDecision,
});
export type PlannedStep = Readonly<z.infer<typeof PlannedStep>>;

/** How the sources are laid: as a delta upon a keyframe, or whole, as a new keyframe. */
export const PlannedSources = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('delta'),
    reason: z.string(),
    /** Of the keyframe. */
    tag: z.string(),
    /** Stored bytes of its layer, which is there already. */
    keyframeBytes: z.number().int().nonnegative(),
    /** What a delta may take, stored; one that takes more gives way to a new keyframe. */
    mostBytes: z.number().int().nonnegative(),
    next: z.string(),
  }),
  z.object({
    kind: z.literal('keyframe'),
    reason: z.string(),
    /** Where a new keyframe goes. */
    next: z.string(),
  }),
]);
export type PlannedSources = Readonly<z.infer<typeof PlannedSources>>;

/** What a build would reuse and what it must run, with the reason for each. */
export const BuildPlan = z.object({
  schemaVersion: z.literal(1),
  scope: Scope,
  imageKey: DigestText,
  commitTag: z.string(),
  hintTags: z.array(z.string()),
  image: ImageDecision,
  steps: z.array(PlannedStep),
  /** Absent where the image is kept. */
  sources: PlannedSources.optional(),
});
export type BuildPlan = Readonly<z.infer<typeof BuildPlan>>;

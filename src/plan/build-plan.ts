import { z } from 'zod';
import { DigestText } from '../oci/descriptor.ts';
import { LayerSummary } from '../observe/facts.ts';
import { InputRule, Scope, StepRecord } from '../observe/step-record.ts';

/** Whether something is there already, and why. */
export const ImageDecision = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hit'), reason: z.string(), digest: DigestText, layers: z.array(LayerSummary) }),
  z.object({ kind: z.literal('miss'), reason: z.string() }),
]);
export type ImageDecision = Readonly<z.infer<typeof ImageDecision>>;

export const StepDecision = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hit'), reason: z.string(), tag: z.string(), record: StepRecord }),
  z.object({ kind: z.literal('miss'), reason: z.string() }),
]);
export type StepDecision = Readonly<z.infer<typeof StepDecision>>;

export const PlannedStep = z.object({
  name: z.string(),
  rule: InputRule,
  staticKey: DigestText,
  contentKey: DigestText,
  /** Whether it runs any command; a step without work still learns the image's user. */
  hasWork: z.boolean(),
  /** Where its record goes. */
  recordTag: z.string(),
  decision: StepDecision,
});
export type PlannedStep = Readonly<z.infer<typeof PlannedStep>>;

/** What a build would reuse and what it must run, with the reason for each. */
export const BuildPlan = z.object({
  schemaVersion: z.literal(1),
  scope: Scope,
  imageKey: DigestText,
  commitTag: z.string(),
  hintTags: z.array(z.string()),
  image: ImageDecision,
  steps: z.array(PlannedStep),
});
export type BuildPlan = Readonly<z.infer<typeof BuildPlan>>;

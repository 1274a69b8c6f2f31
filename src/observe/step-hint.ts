import * as z from 'zod';
import { DigestText } from '../oci/descriptor.ts';
import { InputAnswer } from './input-answer.ts';
import { InputRule, Scope } from './step-record.ts';

/** A run of a step, as far as it helps to find its record or to tell why another run is needed. */
export const HintedRun = z.object({
  contentKey: DigestText,
  rule: InputRule,
  /** The names that the step looked up, with what they answered. */
  answers: z.array(InputAnswer),
  /** The commit that it ran on, in full. */
  commit: z.string(),
  scope: Scope,
  /** RFC 3339. */
  recordedAt: z.iso.datetime(),
  /** How long its tasks ran, in milliseconds. */
  durationMs: z.number().nonnegative(),
  /** Stored bytes of its layers. */
  layerBytes: z.number().int().nonnegative(),
});
export type HintedRun = Readonly<z.infer<typeof HintedRun>>;

/**
 * The newest runs of one static key in one scope. Mutable and without a lock: a lost update costs a miss or a worse
 * reason, never correctness, since a record is found by its content key alone.
 */
export const StepHint = z.object({
  schemaVersion: z.literal(1),
  /** Newest first. */
  runs: z.array(HintedRun),
});
export type StepHint = Readonly<z.infer<typeof StepHint>>;

/** A hint as it stands in an annotation: JSON. */
export const StepHintText = z.string().transform((text, context) => {
  try {
    return StepHint.parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'no hint that this version reads' });
    return z.NEVER;
  }
});

import { z } from 'zod';
import { DigestText } from '../oci/descriptor.ts';
import { LayerRole } from '../oci/layer.ts';
import { Platform } from '../oci/platform.ts';
import { StepRecord } from './step-record.ts';

/** The commit that is to be warm, read from git. */
export const CommitFacts = z.object({
  /** Full object id. */
  id: z.string(),
  /** Object id of its root tree. */
  tree: z.string(),
  /**
   * Where the history of a workspace ends: the commits whose parents it does not have, sorted, as in `.git/shallow`.
   * Empty where it has all of it. A task can see it (`git rev-list --count HEAD`), so it is an input.
   */
  cut: z.array(z.string()),
});
export type CommitFacts = Readonly<z.infer<typeof CommitFacts>>;

/** The base image, pinned. */
export const BaseFacts = z.object({
  /** As the configuration names it. */
  reference: z.string(),
  /** Manifest digest where a registry answered, image ID where only the engine has it. */
  digest: DigestText,
  source: z.enum(['registry', 'engine']),
});
export type BaseFacts = Readonly<z.infer<typeof BaseFacts>>;

/** A layer of a published image, as its manifest tells it. */
export const LayerSummary = z.object({
  role: LayerRole,
  digest: DigestText,
  size: z.number().int().nonnegative(),
});
export type LayerSummary = Readonly<z.infer<typeof LayerSummary>>;

/** What lay under a tag when it was looked up. */
export const TagAnswer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('image'),
    tag: z.string(),
    /** Digest of its manifest; absent when there was none. */
    digest: DigestText.optional(),
    /** The image key that its manifest carries. */
    imageKey: z.string().optional(),
    /** Its layers, bottom to top. */
    layers: z.array(LayerSummary).optional(),
  }),
  z.object({
    kind: z.literal('record'),
    tag: z.string(),
    record: StepRecord.optional(),
    /** Why a record that is there cannot be used, in one line. */
    unusable: z.string().optional(),
  }),
]);
export type TagAnswer = Readonly<z.infer<typeof TagAnswer>>;

/** Everything that was read from outside before planning; after it no stage reads in order to decide. */
export const Facts = z.object({
  schemaVersion: z.literal(1),
  commit: CommitFacts,
  platform: Platform,
  base: BaseFacts,
  answers: z.array(TagAnswer),
});
export type Facts = Readonly<z.infer<typeof Facts>>;

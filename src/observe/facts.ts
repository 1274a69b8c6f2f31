import * as z from 'zod';
import { DigestText } from '../oci/descriptor.ts';
import { LayerRole } from '../oci/layer.ts';
import { Platform } from '../oci/platform.ts';
import { InputAnswer } from './input-answer.ts';
import { KeyframeFacts } from './keyframe-facts.ts';
import { HintedRun } from './step-hint.ts';
import { RepositoryFacts } from './repository-facts.ts';
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
  /**
   * The submodules that `.gitmodules` describes, in the order of their paths; absent where it describes none, and where
   * all stay empty because the user said so.
   */
  submodules: z
    .array(
      z.object({
        path: z.string(),
        /** Full object id of its commit; with this one, those of the submodules within it are known too. */
        commit: z.string(),
        /** Whether its files are laid down; else its folder stays empty. */
        laid: z.boolean(),
      }),
    )
    .optional(),
  /** Set where files of Git LFS are laid down with their contents instead of as pointers. */
  lfs: z.literal('contents').optional(),
});
export type CommitFacts = Readonly<z.infer<typeof CommitFacts>>;

/** The base image, pinned. */
export const BaseFacts = z.object({
  /** As the configuration names it: an image, or the Dockerfile that it was built from. */
  reference: z.string(),
  /** Manifest digest; image ID where only the engine has it. */
  digest: DigestText,
  /** Who has it; `target` is the repository of workspace images, for a base that was built from a Dockerfile. */
  source: z.enum(['registry', 'engine', 'target']),
});
export type BaseFacts = Readonly<z.infer<typeof BaseFacts>>;

/** An image's name, pinned, and who said so. */
export const ResolvedBase = z.object({
  base: BaseFacts,
  /** The name's own digest, the default branch's pin, its registry, or the engine that made it. */
  by: z.enum(['digest', 'pin', 'registry', 'engine']),
});
export type ResolvedBase = Readonly<z.infer<typeof ResolvedBase>>;

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
    /** Why its layers may not lie over the sources of this commit, in one line. */
    unfit: z.string().optional(),
  }),
]);
export type TagAnswer = Readonly<z.infer<typeof TagAnswer>>;

/** What the commit answers to the inputs that are declared of a step. */
export const DeclaredAnswers = z.object({ inputs: z.array(z.string()), answers: z.array(InputAnswer) });
export type DeclaredAnswers = Readonly<z.infer<typeof DeclaredAnswers>>;

/** Everything that was read from outside before planning; after it no stage reads in order to decide. */
export const Facts = z.object({
  schemaVersion: z.literal(1),
  commit: CommitFacts,
  platform: Platform,
  base: BaseFacts,
  /** The repositories that lie beside the pushed one; absent where there are none. */
  repositories: z.array(RepositoryFacts).optional(),
  /** Absent where the step's inputs are the whole tree. */
  declared: DeclaredAnswers.optional(),
  answers: z.array(TagAnswer),
  /** Earlier runs of the step with the same static key, newest first; read only where no record serves. */
  earlier: z.array(HintedRun).optional(),
  /** Absent where the image is there, so that no sources are laid. */
  keyframes: KeyframeFacts.optional(),
});
export type Facts = Readonly<z.infer<typeof Facts>>;

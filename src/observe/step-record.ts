import * as z from 'zod';
import { DigestText } from '../oci/descriptor.ts';
import { Layer } from '../oci/layer.ts';
import { InputAnswer } from './input-answer.ts';

/** Whose environment the tasks ran in, and who owns the checkout. */
export const ImageUser = z.object({
  name: z.string(),
  uid: z.number().int().nonnegative(),
  gid: z.number().int().nonnegative(),
  home: z.string(),
});
export type ImageUser = Readonly<z.infer<typeof ImageUser>>;

/** Whom files belong to. */
export const Owner = z.object({ uid: z.number().int().nonnegative(), gid: z.number().int().nonnegative() });
export type Owner = Readonly<z.infer<typeof Owner>>;

/**
 * The paths that a task layer claims, without a leading slash; bytes that are not UTF-8 are kept by writing each name
 * as latin1. A `subtree` is a folder that the tasks made: everything below it is theirs. Enough to check that no upper
 * layer hides a path of the task layer, without reading the layer.
 */
export const Claims = z.object({ subtrees: z.array(z.string()), entries: z.array(z.string()) });
export type Claims = Readonly<z.infer<typeof Claims>>;

/** Who wrote a record; decides who may read it (DESIGN of scopes: `docs/ARCHITECTURE.md`). */
export const Scope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('protected'), branch: z.string() }),
  z.object({ kind: z.literal('branch'), branch: z.string() }),
  z.object({ kind: z.literal('pull-request'), id: z.number().int().positive() }),
]);
export type Scope = Readonly<z.infer<typeof Scope>>;

/** How the inputs of a step were found. */
export const InputRule = z.enum(['declared', 'traced', 'whole-tree']);
export type InputRule = z.infer<typeof InputRule>;

/** Whether a step's layers may lie over the sources of another commit than the one that it ran on. */
export const Transfer = z.discriminatedUnion('kind', [
  /** Where the paths that its patch layer touches answer like this. */
  z.object({ kind: z.literal('where'), answers: z.array(InputAnswer) }),
  z.object({ kind: z.literal('never'), why: z.string() }),
]);
export type Transfer = Readonly<z.infer<typeof Transfer>>;

/** What a record tells of the sources that its step ran on; versions before schema 2 did not. */
const SourceEvidence = {
  /** Full object id. */
  commit: z.string().optional(),
  /** What its inputs answered there. */
  answers: z.array(InputAnswer).optional(),
  /** Absent where the content key covers the commit. */
  transfer: Transfer.optional(),
};

/** What a finished step left in the registry: immutable, found by its content key. */
export const StepRecord = z.object({
  schemaVersion: z.literal([1, 2]),
  step: z.string(),
  staticKey: DigestText,
  contentKey: DigestText,
  rule: InputRule,
  ...SourceEvidence,
  user: ImageUser,
  /** Task layer, then patch layer; each only if it has any entry. */
  layers: z.array(Layer),
  claims: Claims,
  /** Whom the source layer gives the checkout to, where that is not `user`: tasks may give it to someone else. */
  sourceOwner: Owner.optional(),
  /** Why the sources above these layers have to lie whole in one layer, if they must. */
  wholeSources: z.string().optional(),
  scope: Scope,
  /** RFC 3339. */
  recordedAt: z.string(),
  /** How long the tasks ran, in milliseconds: what a hit saves. */
  durationMs: z.number().nonnegative(),
});
export type StepRecord = Readonly<z.infer<typeof StepRecord>>;

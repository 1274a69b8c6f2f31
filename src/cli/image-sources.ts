import { findHiddenPath } from '../assemble/hidden-path.ts';
import { carriedTogether, type CarriedPaths } from '../build/carried-paths.ts';
import type { KeyframeLayer, SourceLayer } from '../build/source-layer.ts';
import type { StepResult } from '../build/step-result.ts';
import type { Keyframe } from '../observe/keyframe.ts';
import type { Owner } from '../observe/step-record.ts';
import type { Digest } from '../oci/digest.ts';
import type { Layer } from '../oci/layer.ts';
import type { Staging } from '../oci/staging.ts';
import { keyframeDue } from '../plan/keyframe-due.ts';
import { wantedSource } from '../plan/plan-sources.ts';
import { findKept } from './find-kept.ts';
import { openLaying, type Laying } from './lay-sources.ts';
import type { PlannedPush } from './plan-push.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

/** The sources of an image: a keyframe, and a delta upon it where the keyframe is of another commit. */
export interface ImageSources {
  readonly layers: readonly Layer[];
  /** Those of them that are of other repositories, the lowest, and which of these are kept already. */
  readonly beside: readonly Layer[];
  readonly keptBeside: ReadonlySet<Digest>;
  /** Of which commit the keyframe is. */
  readonly commit: string;
  /** What these layers may hide of layers below. */
  readonly cover: CarriedPaths;
  /** The keyframe, where it is a new one. */
  readonly made?: Keyframe;
}

/** The sources of a push as they are laid. What is not laid when it is disposed of is given up. */
export interface SourceLayers extends AsyncDisposable {
  /**
   * Begins to lay what will be needed in all likelihood, beside whatever comes before it: the sources whole for an owner,
   * where one is given, and the delta where one is planned.
   */
  begin(likely?: Owner): void;
  /** Whole, for an owner; each is laid once. */
  whole(owner: Owner): Promise<KeyframeLayer>;
  /** Those of the repositories beside the pushed one, which are laid whole: they change rarely. */
  beside(owner: Owner): Promise<readonly SourceLayer[]>;
  /** For an image, over the layers of a step that ended: as a delta where one will do. */
  forImage(result: StepResult): Promise<ImageSources>;
}

/** Lays the sources of a push into staging, for the run of its step and for its image. */
export function openSourceLayers(
  push: PlannedPush,
  staging: Staging,
  ports: Ports,
  session: Session,
): SourceLayers {
  const laying = openLaying(push, staging, ports, session);
  return {
    begin(likely) {
      // Who needs it learns of a failure.
      if (likely !== undefined) laying.whole(likely).catch(() => undefined);
      const keyframe = push.plan.sources?.kind === 'delta' ? nearestOf(push) : undefined;
      if (keyframe !== undefined) laying.delta(keyframe).catch(() => undefined);
    },
    whole: (owner) => laying.whole(owner),
    beside: (owner) => laying.beside(owner),
    async forImage(result) {
      const below = await besideOf(await laying.beside(result.user), ports, session);
      const tried = await tryDelta(push, result, laying);
      if ('layers' in tried) return withBeside(tried, below);
      const { layer, carried, keyframe } = await laying.whole(ownerOf(result));
      session.log.info(`the sources are a new keyframe: ${tried.due}`);
      const { id: commit } = push.facts.commit;
      return withBeside({ layers: [layer], commit, cover: carried, made: keyframe }, below);
    },
    [Symbol.asyncDispose]: async () => await laying[Symbol.asyncDispose](),
  };
}

function nearestOf({ facts }: PlannedPush): Keyframe | undefined {
  return facts.keyframes?.nearest?.keyframe;
}

type OwnSources = Omit<ImageSources, 'beside' | 'keptBeside'>;

interface Beside {
  readonly sources: readonly SourceLayer[];
  readonly kept: ReadonlySet<Digest>;
}

/** They are laid in any case; whether they are new is for the target to say, before anything is sent. */
async function besideOf(
  sources: readonly SourceLayer[],
  { target }: Ports,
  session: Session,
): Promise<Beside> {
  const layers = sources.map(({ layer }) => layer);
  return { sources, kept: await findKept(layers, target, session) };
}

function withBeside(own: OwnSources, { sources, kept }: Beside): ImageSources {
  const beside = sources.map(({ layer }) => layer);
  const layers = [...beside, ...own.layers];
  const cover = sources
    .toReversed()
    .reduce((upper, { carried }) => carriedTogether(carried, upper), own.cover);
  return { ...own, layers, beside, keptBeside: kept, cover };
}

function ownerOf({ user, sourceOwner }: StepResult): Owner {
  const { uid, gid } = sourceOwner ?? user;
  return { uid, gid };
}

/** A delta upon the nearest keyframe, or why there is to be a new keyframe. */
async function tryDelta(
  push: PlannedPush,
  result: StepResult,
  laying: Laying,
): Promise<OwnSources | { readonly due: string }> {
  const owner = ownerOf(result);
  const wanted = wantedSource(push.inputs, push.facts, { owner, wholeBecause: result.wholeSources });
  const keyframe = nearestOf(push);
  const due = keyframeDue(keyframe, wanted);
  if (due !== undefined || keyframe === undefined) return { due: due ?? 'there is no keyframe yet' };
  const delta = await laying.delta(keyframe);
  if ('unusable' in delta) return { due: delta.unusable };
  const hidden = findHiddenPath(result.claims, delta.cover)?.path;
  const dueNow = keyframeDue(keyframe, wanted, { size: delta.layer?.size ?? 0, hidden });
  if (dueNow !== undefined) return { due: dueNow };
  const layers = [keyframe.layer, ...(delta.layer ? [delta.layer] : [])];
  return { layers, commit: keyframe.checkout.commit, cover: delta.cover };
}

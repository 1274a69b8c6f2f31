import { findHiddenPath } from '../assemble/hidden-path.ts';
import { carriedTogether, type CarriedPaths } from '../build/carried-paths.ts';
import type { NoDelta } from '../build/delta-tree.ts';
import { makeSourceDelta, type SourceDelta } from '../build/source-delta.ts';
import {
  makeSourceLayer,
  type KeyframeLayer,
  type SourceLayer,
  type SourceLayerRequest,
} from '../build/source-layer.ts';
import { startFiles } from '../build/start-scripts.ts';
import type { StepResult } from '../build/step-result.ts';
import { bytesText } from '../kernel/amounts.ts';
import type { Keyframe } from '../observe/keyframe.ts';
import type { Owner } from '../observe/step-record.ts';
import type { Digest } from '../oci/digest.ts';
import type { Layer } from '../oci/layer.ts';
import type { Staging } from '../oci/staging.ts';
import { keyframeDue } from '../plan/keyframe-due.ts';
import { wantedSource } from '../plan/plan-sources.ts';
import { findKept } from './find-kept.ts';
import { layBeside } from './lay-beside.ts';
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

/** Lays the sources of a push. */
export interface SourceLayers {
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
  const workshop = { staging, ports, session };
  const whole = onceAnOwner((owner) => layWhole(requestOf(push, owner, session), workshop));
  const beside = onceAnOwner((owner) => layBeside(push, owner, workshop));
  return {
    whole,
    beside,
    async forImage(result) {
      const below = await besideOf(await beside(result.user), workshop);
      const tried = await tryDelta(push, result, workshop);
      if ('layers' in tried) return withBeside(tried, below);
      const { layer, carried, keyframe } = await whole(ownerOf(result));
      session.log.info(`the sources are a new keyframe: ${tried.due}`);
      const { id: commit } = push.facts.commit;
      return withBeside({ layers: [layer], commit, cover: carried, made: keyframe }, below);
    },
  };
}

function onceAnOwner<T>(lay: (owner: Owner) => Promise<T>): (owner: Owner) => Promise<T> {
  const laid = new Map<string, Promise<T>>();
  return async (owner) => {
    const name = `${owner.uid}:${owner.gid}`;
    const laying = laid.get(name) ?? lay(owner);
    laid.set(name, laying);
    return await laying;
  };
}

type OwnSources = Omit<ImageSources, 'beside' | 'keptBeside'>;

interface Beside {
  readonly sources: readonly SourceLayer[];
  readonly kept: ReadonlySet<Digest>;
}

/** They are laid in any case; whether they are new is for the target to say, before anything is sent. */
async function besideOf(
  sources: readonly SourceLayer[],
  { ports: { target }, session }: Workshop,
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

interface Workshop {
  readonly staging: Staging;
  readonly ports: Ports;
  readonly session: Session;
}

function ownerOf({ user, sourceOwner }: StepResult): Owner {
  const { uid, gid } = sourceOwner ?? user;
  return { uid, gid };
}

function requestOf(
  { facts, event, config }: PlannedPush,
  owner: Owner,
  { settings }: Session,
): SourceLayerRequest {
  const checkout = {
    commit: facts.commit.id,
    ref: event.ref,
    remoteUrl: event.repository.remoteUrl,
    historyDepth: settings['history-depth'],
    ...(config.gitConfig && { gitConfig: config.gitConfig }),
  };
  return { checkout, location: config.checkoutLocation, owner, files: startFiles(config) };
}

async function layWhole(
  request: SourceLayerRequest,
  { staging, ports: { sourceTree }, session: { log, signal } }: Workshop,
): Promise<KeyframeLayer> {
  return await log.step('sources', async (step) => {
    step.progress(`laying down commit ${request.checkout.commit.slice(0, 12)}`);
    const source = await makeSourceLayer(request, { sourceTree, staging }, { signal });
    step.conclude(`${source.carried.size} paths, ${bytesText(source.layer.size)}`);
    return source;
  });
}

/** A delta upon the nearest keyframe, or why there is to be a new keyframe. */
async function tryDelta(
  push: PlannedPush,
  result: StepResult,
  workshop: Workshop,
): Promise<OwnSources | { readonly due: string }> {
  const owner = ownerOf(result);
  const wanted = wantedSource(push.inputs, push.facts, { owner, wholeBecause: result.wholeSources });
  const keyframe = push.facts.keyframes?.nearest?.keyframe;
  const due = keyframeDue(keyframe, wanted);
  if (due !== undefined || keyframe === undefined) return { due: due ?? 'there is no keyframe yet' };
  const delta = await layDelta(requestOf(push, owner, workshop.session), keyframe, workshop);
  if ('unusable' in delta) return { due: delta.unusable };
  const hidden = findHiddenPath(result.claims, delta.cover)?.path;
  const dueNow = keyframeDue(keyframe, wanted, { size: delta.layer?.size ?? 0, hidden });
  if (dueNow !== undefined) return { due: dueNow };
  const layers = [keyframe.layer, ...(delta.layer ? [delta.layer] : [])];
  return { layers, commit: keyframe.checkout.commit, cover: delta.cover };
}

async function layDelta(
  request: SourceLayerRequest,
  keyframe: Keyframe,
  { staging, ports, session: { log, signal } }: Workshop,
): Promise<SourceDelta | NoDelta> {
  return await log.step('delta', async (step) => {
    const { commit } = keyframe.checkout;
    step.progress(`comparing with the keyframe of commit ${commit.slice(0, 12)}`);
    await using deltaTree = await ports.openDeltaTree(commit, { signal });
    const delta = await makeSourceDelta(request, keyframe, { deltaTree, staging }, { signal });
    step.conclude(describe(delta, commit));
    return delta;
  });
}

function describe(delta: SourceDelta | NoDelta, commit: string): string {
  if ('unusable' in delta) return `none: ${delta.unusable}`;
  const size = delta.layer === undefined ? 'nothing differs' : bytesText(delta.layer.size);
  return `${size} upon the keyframe of commit ${commit.slice(0, 12)}`;
}

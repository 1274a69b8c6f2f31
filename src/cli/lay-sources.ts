import { makeSourceDelta, type SourceDelta } from '../build/source-delta.ts';
import {
  makeSourceLayer,
  type KeyframeLayer,
  type SourceLayer,
  type SourceLayerRequest,
} from '../build/source-layer.ts';
import type { NoDelta } from '../build/delta-tree.ts';
import { startFiles } from '../build/start-scripts.ts';
import { bytesText } from '../kernel/amounts.ts';
import type { StepLog } from '../kernel/log.ts';
import { openTurns } from '../kernel/turns.ts';
import type { Keyframe } from '../observe/keyframe.ts';
import type { Owner } from '../observe/step-record.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Staging } from '../oci/staging.ts';
import { layBeside } from './lay-beside.ts';
import { onceAnOwner } from './once-an-owner.ts';
import type { PlannedPush } from './plan-push.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

/**
 * The sources of a push as they are laid: its own one after the other, others beside them. What is not laid when it is
 * disposed of is given up.
 */
export interface Laying extends AsyncDisposable {
  /** Whole, for an owner; once for each. */
  whole(owner: Owner): Promise<KeyframeLayer>;
  /** Upon the nearest keyframe, whose owner it has; once. */
  delta(keyframe: Keyframe): Promise<SourceDelta | NoDelta>;
  /** Those of the repositories beside the pushed one, which are laid whole: they change rarely. Once for each owner. */
  beside(owner: Owner): Promise<readonly SourceLayer[]>;
}

/** Lays the sources of a push into staging. */
export function openLaying(push: PlannedPush, staging: Staging, ports: Ports, session: Session): Laying {
  const turns = openTurns(session);
  const lay = async <T>(
    name: string,
    work: (step: StepLog, options: CallOptions) => Promise<T>,
  ): Promise<T> =>
    await turns.take(
      async (options) =>
        await unlessGivenUp(name, async (step) => await work(step, options), turns.ended, session),
    );
  let delta: Promise<SourceDelta | NoDelta> | undefined;
  return {
    whole: onceAnOwner(async (owner) => {
      const request = requestOf(push, owner, session);
      return await lay('sources', (step, options) => layWhole(request, staging, ports, step, options));
    }),
    async delta(keyframe) {
      const request = requestOf(push, keyframe.owner, session);
      delta ??= lay('delta', (step, options) => layDelta(request, keyframe, staging, ports, step, options));
      return await delta;
    },
    beside: onceAnOwner(async (owner) => {
      const besides = async ({ signal }: CallOptions) =>
        await layBeside(push, owner, { staging, ports, session: { ...session, signal } });
      return await turns.join(besides);
    }),
    [Symbol.asyncDispose]: async () => await turns[Symbol.asyncDispose](),
  };
}

/** As a step of the log; one that was given up has not failed. */
async function unlessGivenUp<T>(
  name: string,
  work: (step: StepLog) => Promise<T>,
  ended: AbortSignal,
  { log }: Session,
): Promise<T> {
  const laid = await log.step(name, async (step): Promise<{ readonly value: T } | undefined> => {
    try {
      return { value: await work(step) };
    } catch (thrown) {
      if (!ended.aborted) throw thrown;
      step.conclude('not needed any more');
      return undefined;
    }
  });
  if (laid === undefined) throw ended.reason;
  return laid.value;
}

function requestOf(
  { facts, event, config }: PlannedPush,
  { uid, gid }: Owner,
  { settings }: Session,
): SourceLayerRequest {
  const checkout = {
    commit: facts.commit.id,
    ref: event.ref,
    remoteUrl: event.repository.remoteUrl,
    historyDepth: settings['history-depth'],
    ...(config.gitConfig && { gitConfig: config.gitConfig }),
  };
  return { checkout, location: config.checkoutLocation, owner: { uid, gid }, files: startFiles(config) };
}

async function layWhole(
  request: SourceLayerRequest,
  staging: Staging,
  { sourceTree }: Ports,
  step: StepLog,
  options: CallOptions,
): Promise<KeyframeLayer> {
  step.progress(`laying down commit ${request.checkout.commit.slice(0, 12)}`);
  const source = await makeSourceLayer(request, { sourceTree, staging }, options);
  step.conclude(`${source.carried.size} paths, ${bytesText(source.layer.size)}`);
  return source;
}

async function layDelta(
  request: SourceLayerRequest,
  keyframe: Keyframe,
  staging: Staging,
  { openDeltaTree }: Ports,
  step: StepLog,
  options: CallOptions,
): Promise<SourceDelta | NoDelta> {
  const { commit } = keyframe.checkout;
  step.progress(`comparing with the keyframe of commit ${commit.slice(0, 12)}`);
  await using deltaTree = await openDeltaTree(commit, options);
  const delta = await makeSourceDelta(request, keyframe, { deltaTree, staging }, options);
  step.conclude(describe(delta, commit));
  return delta;
}

function describe(delta: SourceDelta | NoDelta, commit: string): string {
  if ('unusable' in delta) return `none: ${delta.unusable}`;
  const size = delta.layer === undefined ? 'nothing differs' : bytesText(delta.layer.size);
  return `${size} upon the keyframe of commit ${commit.slice(0, 12)}`;
}

import { makeSourceDelta, type SourceDelta } from '../build/source-delta.ts';
import { makeSourceLayer, type KeyframeLayer, type SourceLayerRequest } from '../build/source-layer.ts';
import type { NoDelta } from '../build/delta-tree.ts';
import { startFiles } from '../build/start-scripts.ts';
import { bytesText } from '../kernel/amounts.ts';
import type { StepLog } from '../kernel/log.ts';
import type { Keyframe } from '../observe/keyframe.ts';
import type { Owner } from '../observe/step-record.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Staging } from '../oci/staging.ts';
import { onceAnOwner } from './once-an-owner.ts';
import type { PlannedPush } from './plan-push.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

/** The sources of a push as they are laid, one after the other. What is not laid when it is disposed of is given up. */
export interface Laying extends AsyncDisposable {
  /** Whole, for an owner; once for each. */
  whole(owner: Owner): Promise<KeyframeLayer>;
  /** Upon the nearest keyframe, whose owner it has; once. */
  delta(keyframe: Keyframe): Promise<SourceDelta | NoDelta>;
}

/** Lays the sources of a push into staging. */
export function openLaying(push: PlannedPush, staging: Staging, ports: Ports, session: Session): Laying {
  const ended = new AbortController();
  const options = { signal: AbortSignal.any([session.signal, ended.signal]) };
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = async <T>(name: string, lay: (step: StepLog) => Promise<T>): Promise<T> => {
    const laid = last.then(async () => await unlessGivenUp(name, lay, ended.signal, session));
    last = laid.catch(() => undefined);
    return await laid;
  };
  let delta: Promise<SourceDelta | NoDelta> | undefined;
  return {
    whole: onceAnOwner(async (owner) => {
      const request = requestOf(push, owner, session);
      return await inTurn('sources', (step) => layWhole(request, staging, ports, step, options));
    }),
    async delta(keyframe) {
      const request = requestOf(push, keyframe.owner, session);
      delta ??= inTurn('delta', (step) => layDelta(request, keyframe, staging, ports, step, options));
      return await delta;
    },
    async [Symbol.asyncDispose]() {
      ended.abort();
      await last;
    },
  };
}

/** As a step of the log; one that was given up has not failed. */
async function unlessGivenUp<T>(
  name: string,
  lay: (step: StepLog) => Promise<T>,
  ended: AbortSignal,
  { log }: Session,
): Promise<T> {
  ended.throwIfAborted();
  const laid = await log.step(name, async (step): Promise<{ readonly value: T } | undefined> => {
    try {
      return { value: await lay(step) };
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

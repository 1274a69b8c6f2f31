import type { BaseSource, WorkspaceConfig } from '../config/workspace-config.ts';
import { answerBaseQuestions } from '../observe/answer-base-questions.ts';
import { readImageTriggers } from '../observe/dockerfile/image-triggers.ts';
import { observeDockerfile } from '../observe/dockerfile/observe-dockerfile.ts';
import type { TriggersOf } from '../observe/dockerfile/analyse.ts';
import type { DockerfileFacts } from '../observe/dockerfile-facts.ts';
import type { BaseFacts, ResolvedBase } from '../observe/facts.ts';
import type { ObservedBase } from '../observe/observed-base.ts';
import { openPinBook, type PinBook } from '../observe/pin-book.ts';
import { resolveBase } from '../observe/resolve-base.ts';
import { shortDigest } from '../oci/digest.ts';
import { basePinsTag } from '../oci/tags.ts';
import type { BaseDecision } from '../plan/base-decision.ts';
import { baseQuestions, planBase as decideBase, type BasePlanInputs } from '../plan/plan-base.ts';
import { isDefaultBranch } from '../plan/scope.ts';
import { openBaseContext } from './base-context.ts';
import { platformOf } from './machine-platform.ts';
import { networkOf } from './network.ts';
import type { Ports } from './ports.ts';
import type { PushContext } from './push-context.ts';
import type { Session } from './session.ts';

/** What was found out about the base, and whether it is there. */
export interface PlannedBase {
  readonly observed: ObservedBase;
  readonly decision: BaseDecision;
  /** When registries were asked. */
  readonly askedAt: Date;
}

/** Finds out what the base image is, and whether it must be built. Changes nothing. */
export async function planBase(
  context: PushContext,
  { base }: WorkspaceConfig,
  ports: Ports,
  session: Session,
): Promise<PlannedBase> {
  const { log, clock } = session;
  const inputs = inputsOf(context, session);
  const askedAt = clock.now();
  return log.step('base', async (step) => {
    const pins = openPins(context, ports, session);
    const resolve = (reference: string): Promise<ResolvedBase> =>
      resolveBase(reference, { ...ports, pins, log }, { signal: session.signal, platform: inputs.platform });
    const observed: ObservedBase =
      base.kind === 'reference'
        ? { schemaVersion: 1, kind: 'named', resolved: await resolve(base.reference) }
        : await observeBuilt(base, { context, inputs, resolve }, ports, session);
    const decision = decideBase(inputs, observed);
    step.conclude(describe(decision));
    return { observed, decision, askedAt };
  });
}

/** The decision to build a base from its Dockerfile, whatever is kept of it. */
export function planBaseAnew(
  observed: ObservedBase,
  context: PushContext,
  session: Session,
): {
  readonly dockerfile: DockerfileFacts;
  readonly decision: Extract<BaseDecision, { readonly kind: 'miss' }>;
} {
  if (observed.kind !== 'dockerfile') throw new TypeError('only a Dockerfile can be built');
  const reason = observed.answers.some(({ digest }) => digest !== undefined)
    ? 'what is kept of it cannot be used'
    : undefined;
  const decision = decideBase(inputsOf(context, session), { ...observed, answers: [] });
  if (decision.kind !== 'miss') throw new TypeError('a base without answers is a miss');
  return { dockerfile: observed.dockerfile, decision: { ...decision, ...(reason && { reason }) } };
}

function inputsOf({ event }: PushContext, { settings }: Session): BasePlanInputs {
  return {
    event,
    protectedBranches: settings['protected-branches'],
    platform: platformOf(settings),
    ...networkOf(settings),
  };
}

function openPins({ event }: PushContext, { target }: Ports, { log, settings, clock }: Session): PinBook {
  return openPinBook(
    {
      tag: basePinsTag(event.defaultBranch, platformOf(settings)),
      policy: settings['base-refresh'],
      isDefaultBranch: isDefaultBranch(event),
      now: clock.now(),
    },
    { target, log },
  );
}

interface DockerfileAsked {
  readonly context: PushContext;
  readonly inputs: BasePlanInputs;
  readonly resolve: (reference: string) => Promise<ResolvedBase>;
}

async function observeBuilt(
  source: Extract<BaseSource, { readonly kind: 'dockerfile' }>,
  { context, inputs, resolve }: DockerfileAsked,
  ports: Ports,
  { log, signal, settings }: Session,
): Promise<ObservedBase> {
  const resolved = new Map<string, ResolvedBase>();
  await using from = await openBaseContext(context, ports, 'observe', { signal });
  const dockerfile = await observeDockerfile(
    source,
    from.commit,
    {
      tree: from.tree,
      triggersOf: imageTriggers(ports, inputs),
      resolve: async (reference): Promise<BaseFacts> => {
        const found = resolved.get(reference) ?? (await resolve(reference));
        resolved.set(reference, found);
        return found.base;
      },
      log,
    },
    { signal, platform: inputs.platform, lfs: settings.lfs },
  );
  const questions = baseQuestions(inputs, dockerfile);
  const answers = await answerBaseQuestions(questions, ports.target, log, { signal });
  return { schemaVersion: 1, kind: 'dockerfile', dockerfile, resolved: [...resolved.values()], answers };
}

/** The `ONBUILD` triggers of images that a Dockerfile builds upon. */
export function imageTriggers(
  { openStore, engineTriggers: engine }: Ports,
  { platform }: Pick<BasePlanInputs, 'platform'>,
): TriggersOf {
  return (image, { signal }) => readImageTriggers(image, { openStore, engine }, { signal, platform });
}

function describe(decision: BaseDecision): string {
  if (decision.kind === 'miss') return `to be built: ${decision.reason}`;
  const { reference, digest } = decision.base;
  return `${reference} is ${shortDigest(digest)}: ${decision.reason}`;
}

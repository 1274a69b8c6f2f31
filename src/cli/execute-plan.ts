import { assemble, type AssembledImage } from '../assemble/assemble.ts';
import { findHiddenPath } from '../assemble/hidden-path.ts';
import { configuredUserOf } from '../build/configured-user.ts';
import { likelyOwner } from '../build/likely-owner.ts';
import { reuseStep } from '../build/reuse-step.ts';
import { runStep, type FinishedStep } from '../build/run-step.ts';
import { both } from '../kernel/both.ts';
import type { Owner, StepRecord } from '../observe/step-record.ts';
import type { Digest } from '../oci/digest.ts';
import type { Staging } from '../oci/staging.ts';
import type { BuildPlan, PlannedStep } from '../plan/build-plan.ts';
import { apply, decide, NOTHING_DONE } from '../plan/decide.ts';
import { isWork } from '../plan/task-work.ts';
import { withoutRecord } from '../plan/without-record.ts';
import { downloadRequest } from './download-cache.ts';
import { taskImageOf } from './engine-image.ts';
import { openSourceLayers, type ImageSources, type SourceLayers } from './image-sources.ts';
import { createMemoryAdvisor } from './memory-advisor.ts';
import { outsideAccess } from './outside-access.ts';
import type { PlannedPush } from './plan-push.ts';
import type { Ports } from './ports.ts';
import type { ProvidedBase } from './provide-base.ts';
import { thisRun } from './run-identity.ts';
import type { Session } from './session.ts';
import { sweepDeadRuns } from './sweep-dead-runs.ts';
import { warnOfOverridden } from './task-secrets.ts';
import { timeLimits } from './time-limit.ts';

/** What the steps of a plan came to. */
export interface ExecutedPlan {
  /** As it was carried out: a record that did not fit is a miss in it. */
  readonly plan: BuildPlan;
  readonly finished: FinishedStep;
  readonly sources: ImageSources;
  readonly base: ProvidedBase;
  readonly assembled: AssembledImage;
}

/** A step that is finished, and the sources of the image over its layers. */
interface Ended {
  readonly finished: FinishedStep;
  readonly sources: ImageSources;
  readonly base: ProvidedBase;
}

/** Reads the base, or brings it where it is needed; once, however often it is called. */
export type ProvidesBase = () => Promise<ProvidedBase>;

/** Finishes the steps of a plan, by running or by reusing each, and puts the image together. */
export async function executePlan(
  push: PlannedPush,
  providesBase: ProvidesBase,
  staging: Staging,
  ports: Ports,
  session: Session,
): Promise<ExecutedPlan> {
  let { plan } = push;
  let progress = NOTHING_DONE;
  let ended: Ended | undefined;
  await using layers = openSourceLayers(push, staging, ports, session);
  for (;;) {
    const action = decide(plan, progress);
    if (action.kind === 'keep-image') throw new TypeError('an image that is kept is not built');
    if (action.kind === 'assemble') break;
    const { step } = action;
    const tried =
      action.kind === 'run'
        ? await run(step, push, layers, { staging, ports, session, providesBase })
        : await reuse(step, action.record, push, layers, { staging, session, providesBase });
    if ('refused' in tried) {
      session.log.warn(`${step.name} runs again: ${tried.refused}`);
      plan = withoutRecord(plan, step.name, tried.refused);
      continue;
    }
    ended = tried;
    progress = apply(progress, step);
  }
  if (ended === undefined) throw new TypeError('a plan has at least one step');
  return { plan, ...ended, assembled: putTogether(push, ended) };
}

/** Why a record does not serve after all. */
interface Refused {
  readonly refused: string;
}

interface Workshop {
  readonly staging: Staging;
  readonly ports: Ports;
  readonly session: Session;
}

interface RunTools extends Workshop {
  readonly providesBase: ProvidesBase;
}

async function run(
  step: PlannedStep,
  push: PlannedPush,
  layers: SourceLayers,
  { staging, ports, session, providesBase }: RunTools,
): Promise<Ended> {
  const { signal, clock, settings, log, redactor } = session;
  await ports.provideUploads(session);
  const base = await providesBase();
  const configuredUser = configuredUserOf(push.config, base.content.config);
  const keyframe = push.facts.keyframes?.nearest?.keyframe;
  // Where nothing runs, the image has its sources as a delta wherever that will do.
  const owner = push.config.tasks.some(isWork) ? likelyOwner(configuredUser, keyframe?.owner) : undefined;
  // Such a base is brought before the step begins.
  if (push.facts.base.source === 'target') layers.begin(owner);
  await sweepDeadRuns(ports, session);
  warnOfOverridden(push.config, settings['task-secrets'], log);
  const request = {
    step: step.name,
    run: thisRun(clock),
    config: push.config,
    base: await taskImageOf(push, base.content, ports, session),
    configuredUser,
    platform: push.facts.platform,
    network: settings.network,
    access: await outsideAccess(session),
    strictTasks: settings['strict-tasks'],
    limits: timeLimits(settings),
    runtimeFiles: push.runtimeFiles,
    downloads: downloadRequest(push, base.content.config, staging, ports, session),
    beginSources: () => layers.begin(owner),
    makeSource: async (user: Owner) => await layers.whole(user),
    makeBeside: async (user: Owner) => await layers.beside(user),
  };
  const memoryAdvisor = createMemoryAdvisor(push, ports.repository, session);
  const finished = await runStep(
    request,
    { ...ports, memoryAdvisor, staging, log, redactor, clock },
    { signal },
  );
  return { finished, base, sources: await layers.forImage(finished.result) };
}

type ReuseTools = Omit<RunTools, 'ports'>;

async function reuse(
  planned: PlannedStep,
  record: StepRecord,
  push: PlannedPush,
  layers: SourceLayers,
  { staging, session: { log, signal }, providesBase }: ReuseTools,
): Promise<Ended | Refused> {
  layers.begin();
  return log.step(record.step, async (step) => {
    const finished = await reuseStep(record, push.runtimeFiles, staging, { signal });
    const [sources, base] = await both(layers.forImage(finished.result), providesBase());
    const refused = hiddenBy(finished, sources);
    if (refused !== undefined) {
      step.conclude('its record does not fit');
      return { refused };
    }
    step.conclude(planned.decision.reason, 'reused');
    return { finished, sources, base };
  });
}

/** Other sources may have what the tasks of a record made, which a run on them would have found there. */
function hiddenBy({ result, runtime }: FinishedStep, { cover }: ImageSources): string | undefined {
  for (const upper of [runtime.carried, cover]) {
    const hidden = findHiddenPath(result.claims, upper);
    if (hidden === undefined) continue;
    const [by, path] = [hidden.by, hidden.path].map((raw) => Buffer.from(raw, 'latin1').toString('utf8'));
    return `the sources now have /${by}, where the tasks of its record made /${path}`;
  }
  return undefined;
}

function putTogether(
  push: PlannedPush,
  { finished: { result, runtime }, sources, base }: Ended,
): AssembledImage {
  return assemble({
    event: push.event,
    config: push.config,
    facts: push.facts,
    imageKey: push.plan.imageKey,
    stepKey: keyOf(push.plan, result.step),
    base: base.content,
    layers: [...result.layers, runtime.layer, ...sources.layers],
    user: result.user,
    claims: result.claims,
    carried: [runtime.carried, sources.cover],
    sourceCommit: sources.commit,
  });
}

function keyOf({ steps }: BuildPlan, name: string): Digest {
  const step = steps.find((planned) => planned.name === name);
  if (step === undefined) throw new TypeError('a step that ended was planned');
  return step.contentKey;
}

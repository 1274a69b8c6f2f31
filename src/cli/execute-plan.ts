import { assemble, type AssembledImage } from '../assemble/assemble.ts';
import { findHiddenPath } from '../assemble/hidden-path.ts';
import { reuseStep } from '../build/reuse-step.ts';
import { runStep, type FinishedStep } from '../build/run-step.ts';
import { makeSourceLayer } from '../build/source-layer.ts';
import { startFiles } from '../build/start-scripts.ts';
import { bytesText } from '../kernel/amounts.ts';
import type { Owner, StepRecord } from '../observe/step-record.ts';
import type { Digest } from '../oci/digest.ts';
import type { Staging } from '../oci/staging.ts';
import type { BuildPlan, PlannedStep } from '../plan/build-plan.ts';
import { apply, decide, NOTHING_DONE } from '../plan/decide.ts';
import { withoutRecord } from '../plan/without-record.ts';
import { taskImageOf } from './engine-image.ts';
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
  readonly assembled: AssembledImage;
}

/** Finishes the steps of a plan, by running or by reusing each, and puts the image together. */
export async function executePlan(
  push: PlannedPush,
  base: ProvidedBase,
  staging: Staging,
  ports: Ports,
  session: Session,
): Promise<ExecutedPlan> {
  let { plan } = push;
  let progress = NOTHING_DONE;
  let finished: FinishedStep | undefined;
  for (;;) {
    const action = decide(plan, progress);
    if (action.kind === 'keep-image') throw new TypeError('an image that is kept is not built');
    if (action.kind === 'assemble') break;
    const { step } = action;
    const ended =
      action.kind === 'run'
        ? await run(step, push, base, staging, ports, session)
        : await reuse(step, action.record, push, staging, ports, session);
    if ('refused' in ended) {
      session.log.warn(`${step.name} runs again: ${ended.refused}`);
      plan = withoutRecord(plan, step.name, ended.refused);
      continue;
    }
    finished = ended;
    progress = apply(progress, step);
  }
  if (finished === undefined) throw new TypeError('a plan has at least one step');
  return { plan, finished, assembled: putTogether(push, base, finished) };
}

/** Why a record does not serve after all. */
interface Refused {
  readonly refused: string;
}

async function run(
  step: PlannedStep,
  push: PlannedPush,
  base: ProvidedBase,
  staging: Staging,
  ports: Ports,
  session: Session,
): Promise<FinishedStep> {
  const { signal, clock, settings, log, redactor } = session;
  await sweepDeadRuns(ports, session);
  warnOfOverridden(push.config, settings['task-secrets'], log);
  const request = {
    step: step.name,
    run: thisRun(clock),
    config: push.config,
    base: await taskImageOf(push, base.content, ports, session),
    configuredUser: base.content.config.config?.User ?? '',
    platform: push.facts.platform,
    network: settings.network,
    access: await outsideAccess(session),
    strictTasks: settings['strict-tasks'],
    limits: timeLimits(settings),
    runtimeFiles: push.runtimeFiles,
    makeSource: (owner: Owner) => makeSource(owner, push, staging, ports, session),
  };
  const memoryAdvisor = createMemoryAdvisor(push, ports.repository, session);
  return runStep(request, { ...ports, memoryAdvisor, staging, log, redactor, clock }, { signal });
}

async function reuse(
  planned: PlannedStep,
  record: StepRecord,
  push: PlannedPush,
  staging: Staging,
  ports: Ports,
  session: Session,
): Promise<FinishedStep | Refused> {
  const { log, signal } = session;
  return log.step(record.step, async (step) => {
    const makes = (owner: Owner) => makeSource(owner, push, staging, ports, session);
    const finished = await reuseStep(
      record,
      { makeSource: makes, runtimeFiles: push.runtimeFiles },
      staging,
      { signal },
    );
    const refused = hiddenBy(finished);
    if (refused !== undefined) {
      step.conclude('its record does not fit');
      return { refused };
    }
    step.conclude(planned.decision.reason, 'reused');
    return finished;
  });
}

/** Other sources may have what the tasks of a record made, which a run on them would have found there. */
function hiddenBy({ result, source, runtime }: FinishedStep): string | undefined {
  for (const { carried } of [runtime, source]) {
    const hidden = findHiddenPath(result.claims, carried);
    if (hidden === undefined) continue;
    const [by, path] = [hidden.by, hidden.path].map((raw) => Buffer.from(raw, 'latin1').toString('utf8'));
    return `the sources now have /${by}, where the tasks of its record made /${path}`;
  }
  return undefined;
}

async function makeSource(
  owner: Owner,
  { facts, event, config }: PlannedPush,
  staging: Staging,
  { sourceTree }: Ports,
  { log, signal, settings }: Session,
) {
  return log.step('sources', async (step) => {
    step.progress(`laying down commit ${facts.commit.id.slice(0, 12)}`);
    const checkout = {
      commit: facts.commit.id,
      ref: event.ref,
      remoteUrl: event.repository.remoteUrl,
      historyDepth: settings['history-depth'],
    };
    const request = { checkout, location: config.checkoutLocation, owner, files: startFiles(config) };
    const source = await makeSourceLayer(request, { sourceTree, staging }, { signal });
    step.conclude(`${source.carried.size} paths, ${bytesText(source.layer.size)}`);
    return source;
  });
}

function putTogether(
  push: PlannedPush,
  base: ProvidedBase,
  { result, source, runtime }: FinishedStep,
): AssembledImage {
  return assemble({
    event: push.event,
    config: push.config,
    facts: push.facts,
    imageKey: push.plan.imageKey,
    stepKey: keyOf(push.plan, result.step),
    base: base.content,
    layers: [...result.layers, runtime.layer, source.layer],
    user: result.user,
    claims: result.claims,
    carried: [runtime.carried, source.carried],
  });
}

function keyOf({ steps }: BuildPlan, name: string): Digest {
  const step = steps.find((planned) => planned.name === name);
  if (step === undefined) throw new TypeError('a step that ended was planned');
  return step.contentKey;
}

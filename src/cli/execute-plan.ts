import { assemble, type AssembledImage } from '../assemble/assemble.ts';
import { reuseStep } from '../build/reuse-step.ts';
import { runStep, type FinishedStep } from '../build/run-step.ts';
import { makeSourceLayer } from '../build/source-layer.ts';
import { startFiles } from '../build/start-scripts.ts';
import { bytesText } from '../kernel/amounts.ts';
import type { Owner, StepRecord } from '../observe/step-record.ts';
import type { Staging } from '../oci/staging.ts';
import type { PlannedStep } from '../plan/build-plan.ts';
import { apply, decide, NOTHING_DONE } from '../plan/decide.ts';
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

/** What the steps of a plan came to. */
export interface ExecutedPlan {
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
  let progress = NOTHING_DONE;
  let finished: FinishedStep | undefined;
  for (;;) {
    const action = decide(push.plan, progress);
    if (action.kind === 'keep-image') throw new TypeError('an image that is kept is not built');
    if (action.kind === 'assemble') break;
    finished =
      action.kind === 'run'
        ? await run(action.step, push, base, staging, ports, session)
        : await reuse(action.step, action.record, push, staging, ports, session);
    progress = apply(progress, action.step);
  }
  if (finished === undefined) throw new TypeError('a plan has at least one step');
  return { finished, assembled: putTogether(push, base, finished) };
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
): Promise<FinishedStep> {
  const { log, signal } = session;
  return log.step(record.step, async (step) => {
    const makes = (owner: Owner) => makeSource(owner, push, staging, ports, session);
    const finished = await reuseStep(
      record,
      { makeSource: makes, runtimeFiles: push.runtimeFiles },
      staging,
      { signal },
    );
    step.conclude(planned.decision.reason, 'reused');
    return finished;
  });
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
    base: base.content,
    layers: [...result.layers, runtime.layer, source.layer],
    user: result.user,
    claims: result.claims,
    carried: [runtime.carried, source.carried],
  });
}

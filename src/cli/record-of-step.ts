import type { StepResult } from '../build/step-result.ts';
import { messageOf } from '../kernel/failure.ts';
import { transferOf } from '../observe/inputs/transfer.ts';
import type { StepRecord, Transfer } from '../observe/step-record.ts';
import type { HintedRun } from '../observe/step-hint.ts';
import type { PlannedStep } from '../plan/build-plan.ts';
import type { PublishRequest } from '../publish/publish.ts';
import { inputSourcesOf } from './answer-declared.ts';
import type { ExecutedPlan } from './execute-plan.ts';
import type { PlannedPush } from './plan-push.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

/** What later builds may reuse, and how they find it; a step that was itself reused has its record already. */
export async function recordOf(
  push: PlannedPush,
  { finished: { result } }: ExecutedPlan,
  ports: Ports,
  session: Session,
): Promise<Pick<PublishRequest, 'record' | 'hint'> | undefined> {
  const { plan, facts } = push;
  const step = plan.steps.find(({ name }) => name === result.step);
  if (step === undefined || result.outcome === 'reused') return undefined;
  const made = {
    scope: plan.scope,
    recordedAt: session.clock.now().toISOString(),
    durationMs: result.durationMs,
    commit: facts.commit.id,
  };
  const record = {
    ...made,
    ...keysOf(step),
    ...layersOf(result),
    ...(await transferFor(push, step, result, ports, session)),
  };
  return {
    record: { tag: step.recordTag, record: { schemaVersion: 2, step: step.name, ...record } },
    ...(step.hasWork && { hint: { tag: step.hintTag, run: runOf(step, made, result) } }),
  };
}

function keysOf({
  staticKey,
  contentKey,
  rule,
  answers,
}: PlannedStep): Pick<StepRecord, 'staticKey' | 'contentKey' | 'rule' | 'answers'> {
  return { staticKey, contentKey, rule, answers };
}

function layersOf({
  user,
  layers,
  claims,
  sourceOwner,
  wholeSources,
}: StepResult): Pick<StepRecord, 'user' | 'layers' | 'claims' | 'sourceOwner' | 'wholeSources'> {
  const sources = { ...(sourceOwner && { sourceOwner }), ...(wholeSources && { wholeSources }) };
  return { user, layers, claims, ...sources };
}

function runOf(
  { contentKey, rule, answers }: PlannedStep,
  made: Pick<HintedRun, 'scope' | 'recordedAt' | 'durationMs' | 'commit'>,
  { layers }: StepResult,
): HintedRun {
  const layerBytes = layers.reduce((sum, { size }) => sum + size, 0);
  return { contentKey, rule, answers, ...made, layerBytes };
}

/** By the whole-tree rule a record serves no other sources. */
async function transferFor(
  { facts, config, laid }: PlannedPush,
  { rule }: PlannedStep,
  { patched, claims }: StepResult,
  ports: Ports,
  { signal, log }: Session,
): Promise<{ readonly transfer?: Transfer }> {
  if (rule === 'whole-tree') return {};
  const sources = inputSourcesOf({ commit: facts.commit, laid }, ports);
  const { checkoutLocation } = config;
  try {
    return { transfer: await transferOf({ patched, claims, checkoutLocation }, sources, { signal }) };
  } catch (thrown) {
    signal.throwIfAborted();
    log.warn(`cannot tell which other commits the tasks’ layers fit: ${messageOf(thrown)}`);
    return { transfer: { kind: 'never', why: 'it does not say over which sources it may lie' } };
  }
}

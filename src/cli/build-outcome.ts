import { taskLine } from '../config/task-line.ts';
import { TaskFailure } from '../build/task-failure.ts';
import { messageOf, PreheatError } from '../kernel/failure.ts';
import type { BuildPlan, PlannedStep } from '../plan/build-plan.ts';
import { scopeText } from '../plan/scope.ts';
import { evidenceOf } from '../plan/step-evidence.ts';
import type { Outcome, StepOutcome } from '../report/outcome.ts';
import { priceOf } from '../report/price.ts';
import type { BuildProgress } from './build-progress.ts';
import { exitCodeOf } from './exit-codes.ts';
import { layersOf } from './outcome-layers.ts';
import type { Session } from './session.ts';

type BuildSession = Pick<Session, 'recorder' | 'redactor' | 'tolerateTasks' | 'settings'>;

/** Makes the record of which all reports are rendered; what failed is told without secrets, as in the log. */
export function buildOutcome(
  progress: BuildProgress,
  { recorder: { stages, warnings }, redactor, tolerateTasks, settings }: BuildSession,
  finishedAt: Date,
): Outcome {
  const redact = (text: string): string => redactor.redact(text);
  const { push, failure, startedAt } = progress;
  return {
    schemaVersion: 1,
    result: resultOf(failure),
    exitCode: failure === undefined ? 0 : exitCodeOf(failure),
    ...identityOf(progress),
    ...findingsOf(progress),
    ...(settings['config-file'] !== undefined && { askedFor: settings['config-file'] }),
    ...imageOf(progress),
    steps: [...baseStep(progress), ...(push === undefined ? [] : stepsOf(push.plan, progress))],
    stages: [...stages],
    uploaded: sumOf([progress.base?.built?.uploaded, progress.publication?.uploaded]),
    ...(failure !== undefined && {
      failure: { ...failureOf(failure, progress, redact), ...toleratedPart(failure, tolerateTasks) },
    }),
    warnings: [...warnings],
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
  };
}

type ImagePart = Pick<Outcome, 'image' | 'digest' | 'lfs' | 'baseImage' | 'layers' | 'price' | 'history'>;

/** What the run made or found, and what somebody lacks of it. */
function imageOf(progress: BuildProgress): ImagePart {
  const { push, publication, neighbour, history, lfs } = progress;
  return {
    ...(publication && { image: publication.image, digest: publication.digest }),
    ...(lfs && { lfs }),
    ...(push && { baseImage: { reference: push.facts.base.reference, digest: push.facts.base.digest } }),
    ...priceOf(layersOf(progress), publication && neighbour),
    ...(history && { history: [...history] }),
  };
}

type Identity = Pick<Outcome, 'repository' | 'commit' | 'ref' | 'pullRequest' | 'destination' | 'bitbucket'>;

/** Which push it was; empty texts where the run did not get so far as to know. */
function identityOf({ context }: BuildProgress): Identity {
  if (context === undefined) return { repository: '', commit: '', ref: '' };
  const { ref, repository, pullRequest, bitbucket } = context.event;
  return {
    repository: repository.name,
    commit: context.commit.id,
    ref: ref.kind === 'detached' ? '' : ref.name,
    ...(pullRequest && { pullRequest: pullRequest.id, destination: pullRequest.destinationBranch }),
    ...(bitbucket && { bitbucket }),
  };
}

function findingsOf({ taken }: BuildProgress): Pick<Outcome, 'configuration' | 'findings'> {
  if (taken === undefined) return {};
  return { configuration: taken.file.path, findings: taken.diagnostics.map((finding) => ({ ...finding })) };
}

function resultOf(failure: unknown): Outcome['result'] {
  if (failure === undefined) return 'warm';
  return failure instanceof PreheatError && failure.code === 'interrupted' ? 'interrupted' : 'not-warm';
}

function sumOf(uploads: readonly (Outcome['uploaded'] | undefined)[]): Outcome['uploaded'] {
  return {
    blobs: uploads.reduce((sum, upload) => sum + (upload?.blobs ?? 0), 0),
    bytes: uploads.reduce((sum, upload) => sum + (upload?.bytes ?? 0), 0),
  };
}

/** A base that has a name was made by somebody else, and is no step of the run. */
function baseStep({ base, failure }: BuildProgress): StepOutcome[] {
  if (base === undefined || base.decision.kind === 'named') return [];
  const { kind, reason } = base.decision;
  if (kind === 'hit') return [{ name: 'base', outcome: 'reused', reason }];
  if (base.built !== undefined) {
    return [{ name: 'base', outcome: 'ran', reason, durationMs: base.built.durationMs }];
  }
  return [{ name: 'base', outcome: isFaultOfTasks(failure) ? 'failed' : 'not-reached', reason }];
}

function stepsOf(plan: BuildPlan, { finished, failure }: BuildProgress): StepOutcome[] {
  return plan.steps.map((step) => {
    const { name, decision } = step;
    if (plan.image.kind === 'hit') return { name, outcome: 'reused', reason: plan.image.reason };
    const why = { reason: decision.reason, ...evidencePart(step) };
    if (finished?.result.step !== name) {
      return { name, outcome: isFaultOfTasks(failure) ? 'failed' : 'not-reached', ...why };
    }
    return { name, outcome: finished.result.outcome, ...why, durationMs: finished.result.durationMs };
  });
}

function evidencePart({ rule, decision }: PlannedStep): Partial<StepOutcome> {
  const found = evidenceOf(decision);
  const nearest = decision.kind === 'miss' ? decision.nearest : undefined;
  if (found === undefined) return { rule };
  const { commit, recordedAt, durationMs, layerBytes } = found;
  const scope = scopeText(found.scope);
  return {
    rule,
    evidence: { ...(commit !== undefined && { commit }), scope, recordedAt, durationMs, layerBytes },
    ...(nearest && { changes: nearest.changes }),
    ...(nearest?.change && { change: nearest.change }),
  };
}

/** A task or Dockerfile that failed, or that left a secret where it would be published. */
function isFaultOfTasks(failure: unknown): boolean {
  return (
    failure instanceof TaskFailure || (failure instanceof PreheatError && failure.code === 'task-failed')
  );
}

function failureOf(
  failure: unknown,
  progress: BuildProgress,
  redact: (text: string) => string,
): NonNullable<Outcome['failure']> {
  if (!(failure instanceof PreheatError)) {
    return {
      phase: 'build',
      code: 'failed',
      message: redact(messageOf(failure)),
      hint: 'Report this as a defect of preheat, with the output of --debug.',
    };
  }
  const { phase, code, hint, remedy } = failure;
  return {
    phase,
    code,
    message: redact(failure.message),
    ...(hint === undefined ? {} : { hint: redact(hint) }),
    ...(remedy === undefined ? {} : { remedy }),
    ...(failure instanceof TaskFailure ? failedTaskOf(failure, progress, redact) : {}),
  };
}

/** A failing task of the user, in a run that lets it block nothing. */
function toleratedPart(failure: unknown, tolerateTasks: boolean): { readonly tolerated?: true } {
  return tolerateTasks && failure instanceof PreheatError && failure.code === 'task-failed'
    ? { tolerated: true }
    : {};
}

function failedTaskOf(
  { task, exitCode, output }: TaskFailure,
  { taken, push }: BuildProgress,
  redact: (text: string) => string,
): Pick<NonNullable<Outcome['failure']>, 'task' | 'exitCode' | 'line' | 'output'> {
  const config = push?.config;
  // With a `mainConfiguration` the tasks stand in another repository.
  const isOwn = config?.mainCheckout === undefined;
  const line = taken && config && isOwn ? taskLine(taken.file, config, task) : undefined;
  return { task, exitCode, ...(line !== undefined && { line }), output: output.map(redact) };
}

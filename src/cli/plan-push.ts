import { startFiles } from '../build/start-scripts.ts';
import type { WorkspaceConfig } from '../config/workspace-config.ts';
import { ASSEMBLY_VERSION } from '../assemble/assemble.ts';
import type { PlacedFile } from '../build/placed-file.ts';
import { observe } from '../observe/observe.ts';
import type { BaseFacts, CommitFacts, DeclaredAnswers, Facts } from '../observe/facts.ts';
import type { InputSources, LaidIdentities } from '../observe/inputs/input-sources.ts';
import { whyUnfit } from '../observe/inputs/why-unfit.ts';
import type { ObservedBase } from '../observe/observed-base.ts';
import type { BuildPlan } from '../plan/build-plan.ts';
import type { PlanInputs } from '../plan/plan-inputs.ts';
import { plan } from '../plan/plan.ts';
import { laidIdentities } from '../plan/source-identity.ts';
import { hintQuestions, keyframeScopes, recordQuestions } from '../plan/questions.ts';
import { answerDeclared, inputSourcesOf } from './answer-declared.ts';
import { platformOf } from './machine-platform.ts';
import { networkOf } from './network.ts';
import type { Ports } from './ports.ts';
import type { PushContext } from './push-context.ts';
import { placedDigest, readRuntimeFiles } from './runtime-files.ts';
import type { Session } from './session.ts';

/** A push, thought through: what is known of it and what is to be done. */
export interface PlannedPush extends PushContext, Omit<SettledBase, 'base'> {
  readonly config: WorkspaceConfig;
  readonly facts: Facts;
  readonly plan: BuildPlan;
  /** What the plan rests on apart from facts. */
  readonly inputs: PlanInputs;
  readonly runtimeFiles: readonly PlacedFile[];
  /** What its checkout holds beside the files of its commit. */
  readonly laid: LaidIdentities;
}

/** A base that is there, and how it was found. */
export interface SettledBase {
  readonly observed: ObservedBase;
  /** When registries were asked for it. */
  readonly askedAt: Date;
  readonly base: BaseFacts;
  /** What the engine knows the base by, where this run has just built it there. */
  readonly builtImage?: string;
}

/** Observes and plans: everything of a build that changes nothing. */
export async function planPush(
  context: PushContext,
  config: WorkspaceConfig,
  { base, ...settled }: SettledBase,
  ports: Ports,
  session: Session,
): Promise<PlannedPush> {
  const runtimeFiles = await readRuntimeFiles();
  const inputs = planInputsOf(context, config, runtimeFiles, session);
  const laid = laidIdentities(inputs, context.commit);
  const sources = inputSourcesOf({ ...context, laid }, ports);
  const declared = await answerDeclared(config, sources, ports, session);
  const facts = await lookUp(inputs, { ...context, base, declared, sources }, ports, session);
  return { ...context, ...settled, config, inputs, facts, plan: plan(inputs, facts), runtimeFiles, laid };
}

function planInputsOf(
  { event }: PushContext,
  config: WorkspaceConfig,
  runtimeFiles: readonly PlacedFile[],
  { settings }: Session,
): PlanInputs {
  return {
    event,
    config,
    settings: {
      protectedBranches: settings['protected-branches'],
      runtimeDigest: placedDigest([...runtimeFiles, ...startFiles(config)]),
      historyDepth: settings['history-depth'],
      laying: { submodules: settings.submodules, lfs: settings.lfs },
      assemblyVersion: ASSEMBLY_VERSION,
      taskSecrets: settings['task-secrets'],
      ...networkOf(settings),
      ...(settings['strict-tasks'] && { strictTasks: true }),
    },
  };
}

interface LookUp {
  readonly commit: CommitFacts;
  readonly base: BaseFacts;
  readonly declared: DeclaredAnswers | undefined;
  readonly sources: InputSources;
  readonly repositories?: PushContext['repositories'];
}

async function lookUp(
  inputs: PlanInputs,
  { commit, base, declared, sources, repositories = [] }: LookUp,
  { target, repository }: Ports,
  { log, signal, settings }: Session,
): Promise<Facts> {
  return log.step('look up', async (step) => {
    const found = await observe(
      {
        commit,
        base,
        declared,
        repositories: repositories.map(({ facts }) => facts),
        platform: platformOf(settings),
        questions: (known) => recordQuestions(inputs, known),
        hints: (known) => hintQuestions(inputs, known),
        keyframeScopes: keyframeScopes(inputs),
      },
      { target, repository, log, whyUnfit: (record) => whyUnfit(record, sources, { signal }) },
      { signal },
    );
    step.conclude(`${found.answers.length} ${found.answers.length === 1 ? 'tag' : 'tags'} asked for`);
    return found;
  });
}

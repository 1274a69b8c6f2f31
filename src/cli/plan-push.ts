import { startFiles } from '../build/start-scripts.ts';
import type { WorkspaceConfig } from '../config/workspace-config.ts';
import { ASSEMBLY_VERSION } from '../assemble/assemble.ts';
import type { PlacedFile } from '../build/placed-file.ts';
import { observe } from '../observe/observe.ts';
import type { BaseFacts, Facts } from '../observe/facts.ts';
import type { ObservedBase } from '../observe/observed-base.ts';
import type { BuildPlan } from '../plan/build-plan.ts';
import type { PlanInputs } from '../plan/plan-inputs.ts';
import { plan } from '../plan/plan.ts';
import { recordQuestions } from '../plan/questions.ts';
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
  readonly runtimeFiles: readonly PlacedFile[];
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
  const { log, signal, settings } = session;
  const runtimeFiles = await readRuntimeFiles();
  const inputs: PlanInputs = {
    event: context.event,
    config,
    settings: {
      protectedBranches: settings['protected-branches'],
      runtimeDigest: placedDigest([...runtimeFiles, ...startFiles(config)]),
      assemblyVersion: ASSEMBLY_VERSION,
      taskSecrets: settings['task-secrets'],
      ...networkOf(settings),
    },
  };
  const facts = await log.step('look up', async (step) => {
    const found = await observe(
      {
        commit: context.commit,
        base,
        platform: platformOf(settings),
        questions: (known) => recordQuestions(inputs, known),
      },
      { target: ports.target, log },
      { signal },
    );
    step.conclude(`${found.answers.length} ${found.answers.length === 1 ? 'tag' : 'tags'} asked for`);
    return found;
  });
  return { ...context, ...settled, config, facts, plan: plan(inputs, facts), runtimeFiles };
}

import { startFiles } from '../build/start-scripts.ts';
import type { WorkspaceConfig } from '../config/workspace-config.ts';
import { ASSEMBLY_VERSION } from '../assemble/assemble.ts';
import type { PlacedFile } from '../build/placed-file.ts';
import { observe } from '../observe/observe.ts';
import type { Facts } from '../observe/facts.ts';
import type { BuildPlan } from '../plan/build-plan.ts';
import type { PlanInputs } from '../plan/plan-inputs.ts';
import { plan } from '../plan/plan.ts';
import { recordQuestions } from '../plan/questions.ts';
import { machinePlatform } from './machine-platform.ts';
import type { Ports } from './ports.ts';
import type { PushContext } from './push-context.ts';
import { placedDigest, readRuntimeFiles } from './runtime-files.ts';
import type { Session } from './session.ts';

/** A push, thought through: what is known of it and what is to be done. */
export interface PlannedPush extends PushContext {
  readonly config: WorkspaceConfig;
  readonly facts: Facts;
  readonly plan: BuildPlan;
  readonly runtimeFiles: readonly PlacedFile[];
}

/** Observes and plans: everything of a build that changes nothing. */
export async function planPush(
  context: PushContext,
  config: WorkspaceConfig,
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
    },
  };
  const facts = await log.step('look up', async (step) => {
    const found = await observe(
      {
        commit: context.commit,
        config,
        platform: settings.platform ?? machinePlatform(),
        questions: (known) => recordQuestions(inputs, known),
      },
      { ...ports, target: ports.target, log },
      { signal },
    );
    step.conclude(`base ${found.base.reference} is ${found.base.digest.slice(0, 19)}`);
    return found;
  });
  return { ...context, config, facts, plan: plan(inputs, facts), runtimeFiles };
}

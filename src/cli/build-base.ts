import type { BaseBuildOutcome, BaseBuildRequest, BuiltImage } from '../build/base-builder.ts';
import { baseFailureOf } from '../build/base-failure.ts';
import type { MemoryAdvisor } from '../build/memory-advisor.ts';
import { runLabels } from '../build/sweep.ts';
import { secretsOf } from '../build/task-environment.ts';
import { bytesText } from '../kernel/amounts.ts';
import { readBuildRecipe } from '../observe/dockerfile/build-recipe.ts';
import type { DockerfileFacts } from '../observe/dockerfile-facts.ts';
import type { Staging } from '../oci/staging.ts';
import type { BaseDecision } from '../plan/base-decision.ts';
import { openBaseContext } from './base-context.ts';
import { keepBuiltBase, type KeptBase } from './keep-built-base.ts';
import { platformOf } from './machine-platform.ts';
import { createMemoryAdvisor } from './memory-advisor.ts';
import { outsideProxies } from './outside-access.ts';
import { imageTriggers } from './plan-base.ts';
import type { Ports } from './ports.ts';
import type { PushContext } from './push-context.ts';
import { thisRun } from './run-identity.ts';
import type { Session } from './session.ts';
import { sweepDeadRuns } from './sweep-dead-runs.ts';

/** A base that was built on the engine and is kept in the target; the engine's image goes when it is disposed of. */
export interface BuiltBase extends KeptBase, AsyncDisposable {
  /** What the engine knows it by. */
  readonly builtImage: string;
}

/**
 * Builds a base from its Dockerfile and keeps it in the target at once, so that it is there even where a task fails
 * afterwards. Throws a `TaskFailure` where the Dockerfile itself fails.
 */
export async function buildBase(
  context: PushContext,
  dockerfile: DockerfileFacts,
  decision: Extract<BaseDecision, { readonly kind: 'miss' }>,
  staging: Staging,
  ports: Ports,
  session: Session,
): Promise<BuiltBase> {
  await using stack = new AsyncDisposableStack();
  const proxies = outsideProxies(session);
  const image = stack.use(await runBuild(context, dockerfile, proxies, ports, session));
  const kept = await session.log.step('keep base', async (step) => {
    const request = { dockerfile, decision, imageId: image.id, secrets: secretsOf({ proxies }) };
    const { uploaded, ...rest } = await keepBuiltBase(request, staging, ports, session, (detail) =>
      step.progress(detail),
    );
    step.conclude(`${uploaded.blobs} new blobs, ${bytesText(uploaded.bytes)}`);
    return { uploaded, ...rest };
  });
  const owned = stack.move();
  return {
    ...kept,
    builtImage: image.id,
    [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
  };
}

async function runBuild(
  context: PushContext,
  dockerfile: DockerfileFacts,
  proxies: Readonly<Record<string, string>>,
  ports: Ports,
  session: Session,
): Promise<BuiltImage> {
  const { log, signal, settings } = session;
  const { file } = dockerfile;
  const platform = platformOf(settings);
  await sweepDeadRuns(ports, session);
  return log.step('build base', async (step) => {
    step.progress(`building ${file}`);
    await using from = await openBaseContext(context, ports, 'build', session);
    const recipe = await readBuildRecipe(
      dockerfile,
      from.commit,
      { tree: from.tree, triggersOf: imageTriggers(ports, { platform }) },
      { signal, platform },
    );
    const folder = dockerfile.context === '.' ? '' : dockerfile.context;
    const { files, folders } = recipe;
    const wanted = { commit: from.commit, context: folder, files, folders };
    await using laid = await from.buildContext.layDown(wanted, { signal });
    const parts = { dockerfile: recipe.dockerfile, context: laid.files, proxies };
    const request = requestOf(dockerfile, parts, session);
    const outcome = await ports.baseBuilder.build(request, {
      signal,
      onProgress: (detail) => step.progress(detail),
      onOutput: (line) => log.output(file, line),
    });
    if (outcome.kind === 'failed') {
      throw await failureOf(file, outcome, createMemoryAdvisor(context, ports.repository, session), session);
    }
    step.conclude(`${file}, ${recipe.files.length} files of the context`);
    return outcome.image;
  });
}

async function failureOf(
  file: string,
  failed: Extract<BaseBuildOutcome, { readonly kind: 'failed' }>,
  advisor: MemoryAdvisor,
  { redactor, signal }: Session,
): Promise<Error> {
  const memory = failed.outOfMemory ? await advisor.advise('Dockerfile', undefined, { signal }) : undefined;
  const output = failed.output.map((line) => redactor.redact(line));
  return baseFailureOf(file, { ...failed, output }, memory);
}

function requestOf(
  { file, args, target }: DockerfileFacts,
  parts: Pick<BaseBuildRequest, 'dockerfile' | 'context' | 'proxies'>,
  session: Session,
): BaseBuildRequest {
  return {
    file,
    ...(args && { args }),
    ...(target !== undefined && { target }),
    ...parts,
    platform: platformOf(session.settings),
    network: session.settings.network,
    labels: runLabels(thisRun(session.clock)),
  };
}

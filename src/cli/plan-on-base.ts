import type { WorkspaceConfig } from '../config/workspace-config.ts';
import type { BaseFacts } from '../observe/facts.ts';
import { findMissingBlob } from '../oci/missing-blob.ts';
import type { BaseDecision } from '../plan/base-decision.ts';
import { renderBase } from '../plan/render-plan.ts';
import { buildBase } from './build-base.ts';
import type { KeptBase } from './keep-built-base.ts';
import { planBase, planBaseAnew, type PlannedBase } from './plan-base.ts';
import { planPush, type PlannedPush } from './plan-push.ts';
import type { Ports } from './ports.ts';
import type { PushContext } from './push-context.ts';
import type { Session } from './session.ts';
import type { StateFolder } from './state-folder.ts';

/** How the base came about, as far as a run has come. */
export interface BaseProgress {
  readonly decision: BaseDecision;
  /** What its build came to; absent where there was none, or while it is not finished. */
  readonly built?: Pick<KeptBase, 'made' | 'uploaded'> & { readonly durationMs: number };
}

/** A planned push; the engine's copy of a base that was built for it goes when it is disposed of. */
export interface PushOnBase extends AsyncDisposable {
  readonly push: PlannedPush;
}

export interface PlanOnBaseOptions {
  readonly state: StateFolder;
  /** Told of each step that the base takes, for the report of a run that ends in between. */
  readonly reached: (base: BaseProgress) => void;
}

/** Plans a push upon its base, which is built first where it is to be built. */
export async function planOnBase(
  context: PushContext,
  config: WorkspaceConfig,
  { state, reached }: PlanOnBaseOptions,
  ports: Ports,
  session: Session,
): Promise<PushOnBase> {
  const planned = await planBase(context, config, ports, session);
  reached({ decision: planned.decision });
  await state.writeRecord('base', planned);
  for (const line of renderBase(planned.decision)) session.log.info(line);
  const { observed, decision, askedAt } = planned;
  if (decision.kind !== 'miss') {
    const push = await planPush(context, config, { observed, askedAt, base: decision.base }, ports, session);
    if (await canBeUsed(push, decision, ports, session)) return { push, [Symbol.asyncDispose]: nothing };
  }
  return await planOnNewBase(context, config, planned, { state, reached }, ports, session);
}

/** A kept base that has lost a blob is built again: nothing could be put on it. */
async function canBeUsed(
  { plan }: PlannedPush,
  decision: Exclude<BaseDecision, { readonly kind: 'miss' }>,
  { target }: Ports,
  { log, signal }: Session,
): Promise<boolean> {
  if (decision.kind === 'named' || plan.image.kind === 'hit') return true;
  const gone = await findGoneBlob(decision.base, target, signal);
  if (gone === undefined) return true;
  log.warn(`cannot use ${decision.tag}: its ${gone} has gone; the base is built again`);
  return false;
}

async function findGoneBlob(
  { digest }: BaseFacts,
  target: Ports['target'],
  signal: AbortSignal,
): Promise<string | undefined> {
  const found = await target.readManifest(digest, { signal });
  if (found === undefined) return 'manifest';
  const { config, layers } = found.manifest;
  const gone = await findMissingBlob([config, ...layers], target, { signal });
  return gone === undefined ? undefined : `blob ${gone}`;
}

async function planOnNewBase(
  context: PushContext,
  config: WorkspaceConfig,
  { observed, askedAt }: PlannedBase,
  { state, reached }: PlanOnBaseOptions,
  ports: Ports,
  session: Session,
): Promise<PushOnBase> {
  const { dockerfile, decision } = planBaseAnew(observed, context, session);
  reached({ decision });
  await ports.provideUploads(session);
  await using folder = await state.temporaryFolder('base');
  const startedAt = session.clock.now().getTime();
  await using stack = new AsyncDisposableStack();
  const staging = await ports.openStaging(folder.path);
  const built = stack.use(await buildBase(context, dockerfile, decision, staging, ports, session));
  const { base, builtImage, made, uploaded } = built;
  const durationMs = session.clock.now().getTime() - startedAt;
  reached({ decision, built: { made, uploaded, durationMs } });
  const push = await planPush(context, config, { observed, askedAt, base, builtImage }, ports, session);
  const owned = stack.move();
  return { push, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}

async function nothing(): Promise<void> {
  await Promise.resolve();
}

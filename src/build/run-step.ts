import { randomUUID } from 'node:crypto';
import { checkoutsOf } from './checkouts.ts';
import { both } from '../kernel/both.ts';
import type { StepLog } from '../kernel/log.ts';
import type { Owner } from '../observe/step-record.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { baseFoldersTar, findBaseFolders, type BaseFolder } from './base-folders.ts';
import { captureStep, type CapturedStep, type StepTraces } from './capture-step.ts';
import { checkPlace } from './check-place.ts';
import { checkSyntax } from './check-syntax.ts';
import { keepListing } from './compare-listings.ts';
import { bringDownloads, type ComingDownloads } from './downloads/bring-downloads.ts';
import type { KeptDownloads } from './downloads/download-request.ts';
import { findDownloads, type FoundDownloads } from './downloads/find-downloads.ts';
import { layDownloads, PartlyLaid } from './downloads/lay-downloads.ts';
import { saveDownloads } from './downloads/save-downloads.ts';
import { watchDownloads, type DownloadWatch } from './downloads/watch-downloads.ts';
import type { Container } from './engine.ts';
import { findBash } from './find-bash.ts';
import type { TaskUser } from './image-user.ts';
import { listPaths } from './listing.ts';
import { readMountPoints, type MountPoints } from './mount-points.ts';
import { placedTar } from './placed-tar.ts';
import { prepareTasks, type PreparedTask } from './prepared-task.ts';
import { quiesce, residentsOf } from './quiesce.ts';
import { runTasks, type FinishedTasks } from './run-tasks.ts';
import { makeRuntimeLayer, type RuntimeLayer } from './runtime-layer.ts';
import { guardSecrets } from './secret-guard.ts';
import type { SourceLayer } from './source-layer.ts';
import type { StepPorts, StepRequest } from './step-request.ts';
import type { StepResult } from './step-result.ts';
import { keepSyncEvents, syncFoldersTar } from './sync-events.ts';
import { createTaskContainer, findTaskUser } from './task-container.ts';
import { CA_BUNDLE_PATH, secretsOf } from './task-environment.ts';
import { scriptOf } from './task-script.ts';
import { taskShellFiles } from './task-shell.ts';
import { wholeSourcesFor } from './whole-sources.ts';

/** A step's result, with the layers that were laid above its task layer for the run. */
export interface FinishedStep {
  readonly result: StepResult;
  /** Absent where nothing ran, so that no sources were laid. */
  readonly source?: SourceLayer;
  readonly runtime: RuntimeLayer;
  /** What package managers downloaded, for later runs; absent where nothing ran or nothing is to be kept. */
  readonly downloads?: KeptDownloads;
}

/**
 * Runs all tasks of a workspace as one step in one container, over the runtime and source layers, and captures what
 * they left. A workspace without anything to run in a prebuild starts no container. The container is disposed of when
 * this returns or throws. Where earlier downloads cannot be laid whole, it runs again in another one, without them. Throws a `TaskFailure` when a task fails, a `PreheatError` of phase `build` for all else.
 */
export async function runStep(
  request: StepRequest,
  ports: StepPorts,
  options: CallOptions,
): Promise<FinishedStep> {
  try {
    return await runInContainer(request, ports, options);
  } catch (thrown) {
    if (!(thrown instanceof PartlyLaid)) throw thrown;
    ports.log.warn(`${thrown.message}; the tasks run without them`);
    return await runInContainer(withoutEarlierDownloads(request), ports, options);
  }
}

function withoutEarlierDownloads(request: StepRequest): StepRequest {
  const source = { find: async () => undefined, fetch: async () => false };
  return { ...request, downloads: request.downloads && { ...request.downloads, source } };
}

async function runInContainer(
  request: StepRequest,
  ports: StepPorts,
  options: CallOptions,
): Promise<FinishedStep> {
  await using coming = earlierDownloadsOf(request, ports, options);
  const onBase = (): void => {
    request.beginSources?.();
    coming?.begin();
  };
  await using container = await createTaskContainer(request, ports, { ...options, onBase });
  const isOccupied = await checkPlaces(container, request, ports, options);
  const taskUser = await findTaskUser(container, request, options);
  const tasks = prepareTasks(request.config, taskUser.user, request.access, {
    strict: request.strictTasks === true,
  });
  const makesRuntime = makeRuntimeLayer(request.runtimeFiles, ports.staging, options);
  if (tasks.length === 0)
    return { result: idleResult({ request, taskUser, isOccupied }), runtime: await makesRuntime };
  const [source, beside = [], runtime] = await Promise.all([
    request.makeSource(taskUser.user),
    request.makeBeside?.(taskUser.user),
    makesRuntime,
  ]);
  const baseFolders = await findBaseFolders(container, checkoutsOf(request.config), options);
  const found = await findEarlierDownloads(request, taskUser, tasks, { ...ports, coming }, options);
  const run: Run = { request, taskUser, isOccupied, tasks, source, beside, runtime, baseFolders, found };
  const scene = await ports.log.step('container', async (step) => {
    step.progress('putting in sources and scripts');
    for (const { layer } of [runtime, ...beside, source])
      await container.put(ports.staging.readLayer(layer), options);
    if (baseFolders.length > 0) await container.put(baseFoldersTar(baseFolders, taskUser.user), options);
    await container.put(syncFoldersTar(), options);
    await container.put(placedTar([...taskShellFiles(tasks), ...outsideFiles(request)]), options);
    return await setScene(container, run, step, ports, options);
  });
  return { ...(await runInside(container, run, scene, ports, options)), runtime };
}

/** Whether the base has files of its own in the checkout of the pushed repository. */
async function checkPlaces(
  container: Container,
  { config, base: { reference: image } }: StepRequest,
  { log }: StepPorts,
  options: CallOptions,
): Promise<boolean> {
  const found: boolean[] = [];
  for (const checkoutLocation of checkoutsOf(config))
    found.push(await checkPlace(container, { checkoutLocation, image }, log, options));
  return found[0] === true;
}

interface Run {
  readonly request: StepRequest;
  readonly taskUser: TaskUser;
  /** Whether the base has files of its own in the checkout. */
  readonly isOccupied: boolean;
  readonly tasks: readonly PreparedTask[];
  readonly source: SourceLayer;
  /** Those of other repositories. */
  readonly beside: readonly SourceLayer[];
  readonly runtime: RuntimeLayer;
  readonly baseFolders: readonly BaseFolder[];
  readonly found: readonly FoundDownloads[];
}

/** What is to be known of a container before tasks change it. */
interface Scene {
  readonly bash: string;
  readonly residents: Awaited<ReturnType<typeof residentsOf>>;
  readonly mounts: MountPoints;
  readonly before: Awaited<ReturnType<typeof keepListing>>;
  readonly downloads: DownloadWatch;
  /** How the look into the tasks' scripts ended. */
  readonly scripts: PromiseSettledResult<void>;
}

/** Nothing comes for a workspace without anything to run. */
function earlierDownloadsOf(
  { downloads, config }: StepRequest,
  { staging }: StepPorts,
  options: CallOptions,
): ComingDownloads | undefined {
  const isIdle = config.tasks.every((task) => scriptOf(task) === undefined);
  return downloads === undefined || isIdle ? undefined : bringDownloads(downloads, staging, options);
}

async function findEarlierDownloads(
  { downloads, config }: StepRequest,
  { user }: TaskUser,
  tasks: readonly PreparedTask[],
  { coming, log }: StepPorts & { readonly coming: ComingDownloads | undefined },
  options: CallOptions,
): Promise<readonly FoundDownloads[]> {
  if (downloads === undefined || coming === undefined) return [];
  const variables = tasks.map(({ env }) => ({ ...downloads.imageVariables, ...env }));
  const { checkoutLocation } = config;
  const surroundings = { tasks: variables, home: user.home, checkoutLocation, owner: user };
  return await findDownloads(downloads, surroundings, { coming, log }, options);
}

async function setScene(
  container: Container,
  run: Run,
  step: StepLog,
  ports: StepPorts,
  options: CallOptions,
): Promise<Scene> {
  const { toolbox } = ports;
  const { request, found } = run;
  await container.start(options);
  const [bash, mounts] = await both(
    findBash(container, toolbox, request.base.reference, options),
    readMountPoints(container, toolbox, options),
  );
  // Alone: whatever else ran would be spared as if it were the image's.
  const residents = await residentsOf(container, bash, options);
  const downloads = watchDownloads(await layDownloads(found, { ...ports, container }, options));
  step.progress('listing its files');
  const listed = downloads.before(listPaths(container, toolbox, mounts, options));
  const checking = Promise.allSettled([checkScripts(container, run, bash, options)]);
  const [before, [scripts]] = await both(keepListing(listed), checking);
  return { bash, residents, mounts, before, downloads, scripts };
}

async function checkScripts(
  container: Container,
  { tasks, taskUser: { execAs } }: Run,
  bash: string,
  options: CallOptions,
): Promise<void> {
  await Promise.all(tasks.map((task) => checkSyntax(container, task, { bash, execAs }, options)));
}

async function runInside(
  container: Container,
  run: Run,
  { bash, residents, mounts, before, downloads, scripts }: Scene,
  ports: StepPorts,
  options: CallOptions,
): Promise<Omit<FinishedStep, 'runtime'>> {
  const { request, taskUser } = run;
  const { toolbox, clock, log } = ports;
  const startedAt = clock.now().getTime();
  const finished = await log.step('tasks', async (step) => {
    if (scripts.status === 'rejected') throw scripts.reason;
    return await runAll(container, run, bash, { ...ports, step }, options);
  });
  const durationMs = clock.now().getTime() - startedAt;
  const { captured, source, kept } = await log.step('capture', async (step): Promise<Captured> => {
    step.progress('ending what the tasks left running');
    await quiesce(container, toolbox, { bash, residents }, options);
    await finished.silent;
    await keepSyncEvents(container, toolbox, bash, options);
    step.progress('listing what changed');
    const after = downloads.after(listPaths(container, toolbox, mounts, options));
    const secrets = secretsOf(request.access);
    const guard = guardSecrets(ports.staging, secrets);
    const traces = { ...tracesOf(run), before, after };
    const left = await captureStep(traces, { ...ports, container, staging: guard.staging }, step, options);
    guard.check();
    if (request.downloads === undefined) return left;
    const { limit } = request.downloads;
    const saving = { limit, owner: taskUser.user, secrets };
    return {
      ...left,
      kept: await saveDownloads(downloads.downloads, saving, { ...ports, container }, options),
    };
  });
  const result = { ...idleResult(run, captured), ...captured, durationMs, tasks: finished.tasks };
  return { result, source, ...(kept && { downloads: kept }) };
}

/** What a quiet container was left with. */
type Captured = CapturedStep & { readonly kept?: KeptDownloads };

function tracesOf({
  request,
  taskUser,
  runtime,
  source,
  beside,
  baseFolders,
}: Run): Omit<StepTraces, 'before' | 'after'> {
  const { user } = taskUser;
  const makeSource = (owner: Owner) => request.makeSource(owner);
  const checkout = { location: request.config.checkoutLocation, owner: user, makeSource, baseFolders };
  return { runtime, source, beside, home: user.home, checkout };
}

async function runAll(
  container: Container,
  { request, taskUser, tasks }: Run,
  bash: string,
  ports: StepPorts & { readonly step: StepLog },
  options: CallOptions,
): Promise<FinishedTasks> {
  const { execAs } = taskUser;
  const { checkoutLocation, workspaceLocation } = request.config;
  const marker = `preheat-task-end-${randomUUID()}`;
  return await runTasks(
    tasks,
    { execAs, bash, marker, checkoutLocation, workspaceLocation, limits: request.limits ?? {} },
    { ...ports, container },
    options,
  );
}

function outsideFiles({ access }: StepRequest) {
  return access.caBundle === undefined
    ? []
    : [{ path: CA_BUNDLE_PATH, mode: 0o644, content: access.caBundle }];
}

function idleResult(
  {
    request: { step, config },
    taskUser: { user },
    isOccupied,
  }: Pick<Run, 'request' | 'taskUser' | 'isOccupied'>,
  { patched }: Pick<StepResult, 'patched'> = { patched: [] },
): StepResult {
  const { checkoutLocation } = config;
  const wholeSources = wholeSourcesFor({ checkoutLocation, isOccupied, patched });
  const nothing = {
    layers: [],
    claims: { subtrees: [], entries: [] },
    patched: [],
    durationMs: 0,
    tasks: [],
  };
  return { schemaVersion: 1, step, outcome: 'ran', user, ...nothing, ...(wholeSources && { wholeSources }) };
}

import { randomUUID } from 'node:crypto';
import type { StepLog } from '../kernel/log.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { captureStep } from './capture-step.ts';
import type { CarriedPaths } from './carried-paths.ts';
import { checkSyntax } from './check-syntax.ts';
import { keepListing } from './compare-listings.ts';
import type { Container } from './engine.ts';
import { findBash } from './find-bash.ts';
import type { TaskUser } from './image-user.ts';
import { listPaths } from './listing.ts';
import { readMountPoints } from './mount-points.ts';
import { placedTar } from './placed-tar.ts';
import { prepareTasks, type PreparedTask } from './prepared-task.ts';
import { quiesce, residentsOf } from './quiesce.ts';
import { runTasks, type FinishedTasks } from './run-tasks.ts';
import { makeRuntimeLayer, type RuntimeLayer } from './runtime-layer.ts';
import type { SourceLayer } from './source-layer.ts';
import type { StepPorts, StepRequest } from './step-request.ts';
import type { StepResult } from './step-result.ts';
import { createTaskContainer, findTaskUser } from './task-container.ts';
import { CA_BUNDLE_PATH } from './task-environment.ts';
import { taskShellFiles } from './task-shell.ts';
import { findVolumes } from './volumes.ts';

/** A step's result, with the layers that were laid above its task layer for the run. */
export interface FinishedStep {
  readonly result: StepResult;
  readonly source: SourceLayer;
  readonly runtime: RuntimeLayer;
}

/**
 * Runs all tasks of a workspace as one step in one container, over the runtime and source layers, and captures what
 * they left. A workspace without anything to run in a prebuild starts no container. The container is gone when this
 * returns or throws. Throws a `TaskFailure` when a task fails, a `PreheatError` of phase `build` for all else.
 */
export async function runStep(
  request: StepRequest,
  ports: StepPorts,
  options: CallOptions,
): Promise<FinishedStep> {
  await using container = await createTaskContainer(request, ports, options);
  const taskUser = await findTaskUser(container, request.configuredUser, options);
  const [source, runtime] = await Promise.all([
    request.makeSource(taskUser.user),
    makeRuntimeLayer(request.runtimeFiles, ports.staging, options),
  ]);
  const tasks = prepareTasks(request.config, taskUser.user, request.access);
  if (tasks.length === 0) return { result: idleResult(request, taskUser), source, runtime };

  const carried: CarriedPaths = new Map([...runtime.carried, ...source.carried]);
  const run: Run = { request, taskUser, tasks, carried };
  const scene = await ports.log.step('container', async (step) => {
    step.progress('putting in sources and scripts');
    for (const { layer } of [runtime, source]) await container.put(ports.staging.readLayer(layer), options);
    await container.put(placedTar([...taskShellFiles(tasks), ...outsideFiles(request)]), options);
    return await setScene(container, run, step, ports, options);
  });
  const result = await runInside(container, run, scene, ports, options);
  return { result, source, runtime };
}

interface Run {
  readonly request: StepRequest;
  readonly taskUser: TaskUser;
  readonly tasks: readonly PreparedTask[];
  readonly carried: CarriedPaths;
}

/** What is to be known of a container before tasks change it. */
interface Scene {
  readonly bash: string;
  readonly residents: Awaited<ReturnType<typeof residentsOf>>;
  readonly mounts: readonly string[];
  readonly before: Awaited<ReturnType<typeof keepListing>>;
}

async function setScene(
  container: Container,
  { request }: Run,
  step: StepLog,
  { toolbox, log }: StepPorts,
  options: CallOptions,
): Promise<Scene> {
  await container.start(options);
  const bash = await findBash(container, toolbox, request.base.reference, options);
  const residents = await residentsOf(container, bash, options);
  const mounts = await readMountPoints(container, toolbox, options);
  for (const volume of await findVolumes(container, toolbox, mounts, options)) {
    log.warn(`what tasks write below ${volume} is not kept: the base image declares it a volume`);
  }
  step.progress('listing its files');
  return {
    bash,
    residents,
    mounts,
    before: await keepListing(listPaths(container, toolbox, mounts, options)),
  };
}

async function runInside(
  container: Container,
  run: Run,
  { bash, residents, mounts, before }: Scene,
  ports: StepPorts,
  options: CallOptions,
): Promise<StepResult> {
  const { request, taskUser } = run;
  const { toolbox, clock, log } = ports;
  const startedAt = clock.now().getTime();
  const finished = await log.step('tasks', (step) =>
    runAll(container, run, bash, { ...ports, step }, options),
  );
  const durationMs = clock.now().getTime() - startedAt;
  const captured = await log.step('capture', async (step) => {
    step.progress('ending what the tasks left running');
    await quiesce(container, toolbox, { bash, residents }, options);
    await finished.silent;
    step.progress('listing what changed');
    const after = listPaths(container, toolbox, mounts, options);
    const traces = { before, after, carried: run.carried, home: taskUser.user.home };
    return await captureStep(traces, { ...ports, container }, step, options);
  });
  return { ...idleResult(request, taskUser), ...captured, durationMs, tasks: finished.tasks };
}

async function runAll(
  container: Container,
  { request, taskUser, tasks }: Run,
  bash: string,
  ports: StepPorts & { readonly step: StepLog },
  options: CallOptions,
): Promise<FinishedTasks> {
  const { execAs } = taskUser;
  await Promise.all(tasks.map((task) => checkSyntax(container, task, { bash, execAs }, options)));
  const { checkoutLocation, workspaceLocation } = request.config;
  const marker = `preheat-task-end-${randomUUID()}`;
  return await runTasks(
    tasks,
    { execAs, bash, marker, checkoutLocation, workspaceLocation },
    { ...ports, container },
    options,
  );
}

function outsideFiles({ access }: StepRequest) {
  return access.caBundle === undefined
    ? []
    : [{ path: CA_BUNDLE_PATH, mode: 0o644, content: access.caBundle }];
}

function idleResult({ step }: StepRequest, { user }: TaskUser): StepResult {
  const claims = { subtrees: [], entries: [] };
  return { schemaVersion: 1, step, outcome: 'ran', user, layers: [], claims, durationMs: 0, tasks: [] };
}

import { randomUUID } from 'node:crypto';
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

  for (const { layer } of [runtime, source]) await container.put(ports.staging.readLayer(layer), options);
  await container.put(placedTar([...taskShellFiles(tasks), ...outsideFiles(request)]), options);
  const carried: CarriedPaths = new Map([...runtime.carried, ...source.carried]);
  const result = await runInside(container, { request, taskUser, tasks, carried }, ports, options);
  return { result, source, runtime };
}

interface Run {
  readonly request: StepRequest;
  readonly taskUser: TaskUser;
  readonly tasks: readonly PreparedTask[];
  readonly carried: CarriedPaths;
}

async function runInside(
  container: Container,
  run: Run,
  ports: StepPorts,
  options: CallOptions,
): Promise<StepResult> {
  const { request, taskUser } = run;
  const { toolbox, clock, log } = ports;
  await container.start(options);
  const bash = await findBash(container, toolbox, request.base.reference, options);
  const residents = await residentsOf(container, bash, options);
  const mounts = await readMountPoints(container, toolbox, options);
  for (const volume of await findVolumes(container, toolbox, mounts, options)) {
    log.warn(`what tasks write below ${volume} is not kept: the base image declares it a volume`);
  }
  const before = await keepListing(listPaths(container, toolbox, mounts, options));

  const startedAt = clock.now().getTime();
  const finished = await log.step('tasks', () => runAll(container, run, bash, ports, options));
  const durationMs = clock.now().getTime() - startedAt;
  const captured = await log.step('capture', async (step) => {
    await quiesce(container, toolbox, { bash, residents }, options);
    await finished.silent;
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
  ports: StepPorts,
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

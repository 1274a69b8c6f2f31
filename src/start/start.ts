import type { Clock } from '../kernel/clock.ts';
import { messageOf } from '../kernel/failure.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { awaitPorts } from './await-ports.ts';
import { followWorkspace } from './follow-workspace.ts';
import type { PortProbe } from './port-probe.ts';
import { unpublishedPorts } from './described-ports.ts';
import { provideImage, type ProvideImagePorts } from './provide-image.ts';
import { runWorkspace, type RunWorkspaceRequest } from './run-workspace.ts';
import type { StartResult } from './start-result.ts';
import { findWarmImage, type WarmImageRequest } from './warm-image.ts';
import { waysIn } from './ways-in.ts';
import type { RunningWorkspace, Workspaces } from './workspace-engine.ts';
import type { WorkspaceLabel } from './workspace-label.ts';

export interface StartRequest extends WarmImageRequest, Omit<RunWorkspaceRequest, 'warm' | 'image'> {
  /** How long to wait for the configured ports, in milliseconds; 0 waits for none. */
  readonly portsBoundMs: number;
}

export interface StartPorts extends ProvideImagePorts {
  readonly workspaces: Workspaces;
  readonly probe: PortProbe;
  readonly clock: Clock;
}

const READY_MS = 60_000;
const STOP_MS = 20_000;

/**
 * Starts a workspace from the best warm image: finds it, gives it to the engine, runs it, waits until its tasks are
 * started and then, for a while, until its ports answer. Throws a `PreheatError` of phase `start`. What was started is
 * removed when the start fails or is interrupted before the workspace is ready; after that it stays.
 */
export async function start(
  request: StartRequest,
  ports: StartPorts,
  options: CallOptions,
): Promise<StartResult> {
  const { log, clock, workspaces, store } = ports;
  const lap = laps(clock);
  const warm = await findWarmImage(request, store, options);
  log.info(`starting from ${warm.candidate.why}: ${warm.image}`);
  const image = await provideImage(warm, ports, options);
  const imageMs = lap();
  await using undo = new AsyncDisposableStack();
  const running = await runWorkspace({ ...request, warm, image }, workspaces, options);
  undo.defer(async () => stopFailed(running, ports));
  const runMs = lap();
  await using following = followWorkspace(running, ports, READY_MS, options);
  await following.ready;
  undo.move();
  const readyMs = lap();
  const { shell, editor } = tellWaysIn(running, openedIn(warm.label), ports);
  const started = await awaitPorts(running.ports, warm.label, request.portsBoundMs, ports, options);
  const { name, id } = running;
  const timings = { image: imageMs, run: runMs, ready: readyMs };
  const why = warm.candidate.why;
  return {
    schemaVersion: 1,
    name,
    id,
    image: warm.image,
    digest: warm.digest,
    why,
    shell,
    editor,
    ports: [...started],
    unpublished: [...unpublishedPorts(warm.label)],
    timings,
  };
}

/** Ends a workspace that did not start; failing at that must not hide why. */
async function stopFailed({ id, name }: RunningWorkspace, { workspaces, log }: StartPorts): Promise<void> {
  try {
    await workspaces.stop(id, { signal: AbortSignal.timeout(STOP_MS) });
  } catch (thrown) {
    log.warn(`workspace ${name} stays behind: ${messageOf(thrown)}`);
  }
}

/** VS Code takes a path that ends with `.code-workspace` for a workspace, every other one for a folder. */
function openedIn({ codeWorkspace, workspaceLocation }: WorkspaceLabel): string {
  return codeWorkspace ?? workspaceLocation;
}

function tellWaysIn(
  { name }: RunningWorkspace,
  folder: string,
  { log }: StartPorts,
): ReturnType<typeof waysIn> {
  const ways = waysIn(name, folder);
  log.info(`workspace ${name} is ready`);
  log.info(`shell: ${ways.shell}`);
  log.info(`VS Code: ${ways.editor}`);
  return ways;
}

/** Each call gives the milliseconds since the call before. */
function laps(clock: Clock): () => number {
  let last = clock.now().getTime();
  return () => {
    const now = clock.now().getTime();
    const lap = now - last;
    last = now;
    return lap;
  };
}

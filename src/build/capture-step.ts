import { bytesText } from '../kernel/amounts.ts';
import type { Log, StepLog } from '../kernel/log.ts';
import type { Owner } from '../observe/step-record.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { captureLayer, type CapturePorts } from './capture-layer.ts';
import type { BaseFolder } from './base-folders.ts';
import { listedTogether, type ListedPaths } from './carried-paths.ts';
import { watchPaths } from './carried-traces.ts';
import { compareListings, type Listing } from './compare-listings.ts';
import { looksInContainer } from './container-looks.ts';
import { divide } from './divide.ts';
import { impliedFolders } from './folders-above.ts';
import { looksInLayers } from './layer-looks.ts';
import { warningsOf } from './left-out.ts';
import type { ListedPath } from './listing.ts';
import { plainFolderLook, type Look } from './entry-look.ts';
import { prevailingOwner, type CarriedFate } from './prevailing-owner.ts';
import type { RuntimeLayer } from './runtime-layer.ts';
import { settleCarried, type LookSources } from './settle-carried.ts';
import { SOURCE_FOLDER_MODE } from './source-entries.ts';
import type { SourceLayer } from './source-layer.ts';
import type { StepResult } from './step-result.ts';

/** A container's file system before and after the tasks. */
export interface StepTraces {
  /** Is taken apart. */
  readonly before: Listing;
  readonly after: AsyncIterable<ListedPath>;
  /** The layers that were laid over the base for the run, `source` above those `beside` it above `runtime`. */
  readonly runtime: RuntimeLayer;
  readonly beside: readonly SourceLayer[];
  readonly source: SourceLayer;
  /** Home of the tasks' user, absolute. */
  readonly home: string;
  readonly checkout: LaidCheckout;
}

/** How the sources were laid. */
export interface LaidCheckout {
  /** Absolute. */
  readonly location: string;
  readonly owner: Owner;
  /** Lays them again with another owner. */
  readonly makeSource: (owner: Owner) => Promise<SourceLayer>;
  /** What the base had of its folders. */
  readonly baseFolders: readonly BaseFolder[];
}

/** What a step left: its own layers, and the source layer that they stand around. */
export interface CapturedStep {
  readonly captured: Pick<StepResult, 'layers' | 'claims' | 'patched' | 'sourceOwner'>;
  readonly source: SourceLayer;
}

type Ports = CapturePorts & { readonly log: Log };

/**
 * Captures what the tasks left in a quiet container as a task layer and a patch layer, each only if it holds anything.
 * Where the tasks gave most of the checkout to someone else, the source layer is laid again for that owner, so that the
 * patch need not hold the sources once more; the result names the owner then.
 */
export async function captureStep(
  traces: StepTraces,
  ports: Ports,
  step: StepLog,
  options: CallOptions,
): Promise<CapturedStep> {
  const { before, after, runtime, beside, home, checkout } = traces;
  const carried = [...beside, traces.source].reduce<ListedPaths>(
    (lower, upper) => listedTogether(lower, upper.carried),
    runtime.carried,
  );
  const implied = impliedFolders(carried);
  const isWatched = (path: string): boolean => carried.has(path) || implied.has(path);
  const watched = watchPaths(before, after, isWatched, checkout.owner);
  const { leftOut, ...moved } = await compareListings(before, watched.listed, {
    home,
    watched: implied,
  });
  for (const warning of warningsOf(leftOut)) ports.log.warn(warning);
  step.progress('comparing what was touched with the sources');
  const { source, ...owned } = await settledSource(
    { carried, traces: watched.traces, deleted: moved.deleted },
    traces.source,
    checkout,
  );
  const lookSources = sourcesOf([runtime, ...beside, source], ports, options);
  const layers = owned.sourceOwner && (await lookSources.inLayers(carried));
  const changes = await settleCarried(
    moved,
    { carried, traces: watched.traces, restated: restatedLooks(checkout) },
    layers,
    lookSources,
  );
  const { task, patch, claims, patched } = divide(changes, carried);
  const count = task.entries.length + patch.entries.length;
  step.progress(`${count} paths changed, ${changes.deleted.length} deleted; packing them`);
  const captured = [
    await captureLayer('task', task, ports, options),
    await captureLayer('patch', patch, ports, options),
  ].filter((layer) => layer !== undefined);
  const size = captured.reduce((sum, layer) => sum + layer.size, 0);
  step.conclude(captured.length === 0 ? 'nothing changed' : `${count} paths, ${bytesText(size)}`);
  return { captured: { layers: captured, claims, patched: [...patched], ...owned }, source };
}

async function settledSource(
  fate: CarriedFate,
  source: SourceLayer,
  { location, makeSource }: LaidCheckout,
): Promise<{ readonly source: SourceLayer; readonly sourceOwner?: Owner }> {
  const folder = Buffer.from(location.replaceAll(/^\/+|\/+$/g, '')).toString('latin1');
  const sourceOwner = prevailingOwner(fate, folder);
  return sourceOwner === undefined ? { source } : { source: await makeSource(sourceOwner), sourceOwner };
}

/** The source layer's own entries for folders that the base has too. */
function restatedLooks({ baseFolders, owner }: LaidCheckout): ReadonlyMap<string, Look> {
  const look = plainFolderLook(SOURCE_FOLDER_MODE.toString(8), `${owner.uid}:${owner.gid}`);
  return new Map(baseFolders.map(({ path }) => [path, look]));
}

function sourcesOf(
  laid: readonly (RuntimeLayer | SourceLayer)[],
  ports: CapturePorts,
  options: CallOptions,
): LookSources {
  const layers = laid.map(({ layer }) => layer);
  return {
    inLayers: (paths) => looksInLayers(layers, paths, ports.staging, options),
    inContainer: (paths) => looksInContainer(paths, ports, options),
  };
}

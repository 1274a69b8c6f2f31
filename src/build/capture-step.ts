import { bytesText } from '../kernel/amounts.ts';
import type { Log, StepLog } from '../kernel/log.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { captureLayer, type CapturePorts } from './capture-layer.ts';
import type { CarriedPaths } from './carried-paths.ts';
import { compareListings, type Listing } from './compare-listings.ts';
import { divide } from './divide.ts';
import { impliedFolders } from './folders-above.ts';
import { warningsOf } from './left-out.ts';
import type { ListedPath } from './listing.ts';
import type { StepResult } from './step-result.ts';

/** A container's file system before and after the tasks. */
export interface StepTraces {
  /** Is taken apart. */
  readonly before: Listing;
  readonly after: AsyncIterable<ListedPath>;
  readonly carried: CarriedPaths;
  /** Home of the tasks' user, absolute. */
  readonly home: string;
}

/**
 * Captures what the tasks left in a quiet container as a task layer and a patch layer, each only if it holds
 * anything.
 */
export async function captureStep(
  { before, after, carried, home }: StepTraces,
  ports: CapturePorts & { readonly log: Log },
  step: StepLog,
  options: CallOptions,
): Promise<Pick<StepResult, 'layers' | 'claims'>> {
  const { leftOut, ...changes } = await compareListings(before, after, {
    home,
    watched: impliedFolders(carried),
  });
  for (const warning of warningsOf(leftOut)) ports.log.warn(warning);
  const { task, patch, claims } = divide(changes, carried);
  step.progress(`${changes.present.length} paths changed, ${changes.deleted.length} deleted; packing them`);
  const layers = [
    await captureLayer('task', task, ports, options),
    await captureLayer('patch', patch, ports, options),
  ].filter((layer) => layer !== undefined);
  const size = layers.reduce((sum, layer) => sum + layer.size, 0);
  step.conclude(
    layers.length === 0 ? 'nothing changed' : `${changes.present.length} paths, ${bytesText(size)}`,
  );
  return { layers, claims };
}

import type { Log } from '../kernel/log.ts';
import type { CallOptions } from '../oci/content-store.ts';
import { formatLocation } from '../oci/location.ts';
import { decide, type Decision } from './decide.ts';
import { deleteGoing } from './delete-going.ts';
import { lookAgain } from './look-again.ts';
import { lookAround, type SurroundingPorts } from './look-around.ts';
import type { PrunableStore } from './prunable-store.ts';
import { resultOf, type PruneResult } from './prune-result.ts';
import { strangersIn } from './strangers.ts';
import type { RetentionPolicy } from './surroundings.ts';
import { joinStock, takeStock } from './take-stock.ts';

export interface PruneRequest {
  readonly policy: RetentionPolicy;
  /** Branches that count as there in any case. */
  readonly always: readonly string[];
  /** Of the repository; absent where the clone has no remote. */
  readonly remoteUrl: string | undefined;
  readonly now: Date;
  /** Whether anything is deleted. */
  readonly apply: boolean;
}

export interface PrunePorts extends SurroundingPorts {
  readonly store: PrunableStore;
  readonly log: Log;
}

/**
 * Cleans a repository of workspace images up: takes stock, finds out what is alive, decides, and deletes where that is asked
 * for. Throws a `PreheatError`: observe where anything that counts cannot be read, publish where something cannot be
 * deleted.
 */
export async function prune(
  request: PruneRequest,
  ports: PrunePorts,
  { signal }: CallOptions,
): Promise<PruneResult> {
  const { store, log } = ports;
  const { policy, remoteUrl, apply } = request;
  const now = request.now.getTime();
  const location = formatLocation(store.location);
  const stock = await log.step('stock', async (step) => {
    const found = await takeStock(ports, { signal, onProgress: (detail) => step.progress(detail) });
    step.conclude(`${found.length} manifests in ${location}`);
    return found;
  });
  const strangers = strangersIn(stock, remoteUrl, location);
  if (strangers.size > 0)
    log.warn(`${strangers.size} images in ${location} are of another repository; they are kept`);
  const surroundings = await log.step('branches', async (step) => {
    const found = await lookAround(stock, request.always, ports, { signal });
    step.conclude(openText(found.pullRequests));
    return found;
  });
  const decision = decide(stock, surroundings, { policy, now, strangers });
  if (!apply) return resultOf(decision, location);
  // Of an empty place there may not even be a folder.
  if (stock.length === 0) return { ...resultOf(decision, location), applied: true };
  const given = decision.going.length === 0 ? [] : await lookAgain(stock, ports, { signal });
  const whole = joinStock([...stock, ...given]);
  const last = decide(whole, surroundings, {
    policy,
    now,
    inUse: new Set(given.map(({ digest }) => digest)),
    strangers: strangersIn(whole, remoteUrl, location),
  });
  return await carryOut(last, location, new Date(now - policy.olderThan), ports, { signal });
}

async function carryOut(
  decision: Decision,
  location: string,
  olderThan: Date,
  { store, log }: PrunePorts,
  { signal }: CallOptions,
): Promise<PruneResult> {
  return await log.step('delete', async (step) => {
    if (decision.going.length > 0)
      await deleteGoing(decision.going, store, { signal, onProgress: (detail) => step.progress(detail) });
    // Also where nothing goes: a clean-up that was interrupted may have left blobs.
    const sweptBytes = await store.sweep({ signal, olderThan });
    step.conclude(`${decision.going.length} manifests`);
    const swept = sweptBytes === undefined ? {} : { sweptBytes };
    return { ...resultOf(decision, location), applied: true, ...swept };
  });
}

function openText({ kind, ...facts }: Awaited<ReturnType<typeof lookAround>>['pullRequests']): string {
  if (kind === 'unasked') return 'asked; which pull requests are open nobody tells';
  return 'open' in facts ? `asked; ${facts.open.size} open pull requests` : 'asked';
}

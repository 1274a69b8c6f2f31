import { bytesText } from '../../kernel/amounts.ts';
import { messageOf } from '../../kernel/failure.ts';
import type { Log, StepLog } from '../../kernel/log.ts';
import type { DownloadCache, ToolDownloads } from '../../observe/download-cache.ts';
import type { Owner, Scope } from '../../observe/step-record.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { ComingDownloads } from './bring-downloads.ts';
import { placeCache, type CachePlace, type CacheSurroundings } from './cache-place.ts';
import type { DownloadRequest } from './download-request.ts';

/** A tool's place in the run, and what earlier runs downloaded: whole, checked, and in staging. */
export interface FoundDownloads {
  readonly place: CachePlace;
  readonly earlier?: ToolDownloads;
}

type Ports = { readonly coming: ComingDownloads; readonly log: Log };

/**
 * Finds what earlier runs downloaded for the tools of a run. Whatever is wrong with it is told by one line, and it counts
 * as none: only the signal's abort throws.
 */
export async function findDownloads(
  request: Pick<DownloadRequest, 'tools'>,
  surroundings: CacheSurroundings & { readonly owner: Owner },
  ports: Ports,
  options: CallOptions,
): Promise<readonly FoundDownloads[]> {
  const places = placesOf(request, surroundings, ports.log);
  if (places.length === 0) return [];
  return await ports.log.step('download cache', async (step) => {
    step.progress('looking for what earlier runs downloaded');
    const cache = await ports.coming.find();
    const found: FoundDownloads[] = [];
    for (const place of places) {
      const earlier = await earlierOf(place, surroundings.owner, cache, { ...ports, step }, options);
      found.push({ place, ...(earlier && { earlier }) });
    }
    step.conclude(conclusion(found, cache));
    return found;
  });
}

function placesOf(
  { tools }: Pick<DownloadRequest, 'tools'>,
  surroundings: CacheSurroundings,
  log: Log,
): readonly CachePlace[] {
  return tools.flatMap((tool) => {
    const place = placeCache(tool, surroundings);
    if (typeof place !== 'string') return [place];
    log.debug(`the downloads of ${tool.name} are not kept: ${place}`);
    return [];
  });
}

async function earlierOf(
  place: CachePlace,
  owner: Owner,
  cache: DownloadCache | undefined,
  { coming, log, step }: Ports & { readonly step: StepLog },
  options: CallOptions,
): Promise<ToolDownloads | undefined> {
  const { name } = place.tool;
  const earlier = cache?.tools.find(({ tool }) => tool === name);
  if (earlier === undefined || earlier.layers.length === 0) return undefined;
  try {
    refuseOther(earlier, place, owner);
    step.progress(`fetching those of ${name}, ${bytesText(storedBytes(earlier))}`);
    await coming.bring(earlier);
    return earlier;
  } catch (thrown) {
    options.signal.throwIfAborted();
    log.warn(`the earlier downloads of ${name} are not used: ${messageOf(thrown)}`);
    return undefined;
  }
}

/** They belong to one user and to one place: elsewhere the tool would not find them, or not be able to write them. */
function refuseOther(earlier: ToolDownloads, { folders }: CachePlace, owner: Owner): void {
  if (String(earlier.folders) !== String(folders))
    throw new Error(
      `they lay in ${earlier.folders.join(' and ')}, and belong in ${folders.join(' and ')} now`,
    );
  const { uid, gid } = earlier.owner;
  if (uid !== owner.uid || gid !== owner.gid)
    throw new Error(`tasks ran as ${uid}:${gid} then, and run as ${owner.uid}:${owner.gid} now`);
}

function conclusion(found: readonly FoundDownloads[], cache: DownloadCache | undefined): string {
  const restored = found.flatMap(({ place, earlier }) =>
    earlier === undefined ? [] : [`${place.tool.name} ${bytesText(storedBytes(earlier))}`],
  );
  if (cache === undefined || restored.length === 0) return 'none yet';
  return `${restored.join(', ')}, of commit ${cache.commit.slice(0, 12)} (${writerOf(cache.scope)})`;
}

function writerOf(scope: Scope): string {
  return scope.kind === 'pull-request' ? `pull request ${scope.id}` : `branch ${scope.branch}`;
}

/** Bytes of a tool's downloads as a registry keeps them. */
function storedBytes({ layers }: ToolDownloads): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}

import { bytesText } from '../../kernel/amounts.ts';
import { messageOf } from '../../kernel/failure.ts';
import type { Log } from '../../kernel/log.ts';
import type { CacheLayer, ToolDownloads } from '../../observe/download-cache.ts';
import type { Owner } from '../../observe/step-record.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { Staging } from '../../oci/staging.ts';
import { captureLayer, type CapturePorts } from '../capture-layer.ts';
import { keepsOf } from '../left-out.ts';
import { guardSecrets } from '../secret-guard.ts';
import type { KeptDownloads } from './download-request.ts';
import { nextLayer } from './next-layer.ts';
import type { WatchedDownloads } from './watch-downloads.ts';

export interface SaveRequest {
  readonly limit: number;
  readonly owner: Owner;
  /** What may stand in no layer, by name. */
  readonly secrets: Readonly<Record<string, string>>;
}

type Ports = CapturePorts & { readonly log: Log };

/** What came of one tool: what is to be kept of it, and what is new of that. */
interface Saved {
  readonly downloads?: ToolDownloads;
  readonly news?: string;
}

/**
 * Takes from a quiet container what its tasks downloaded beyond what was laid. What goes wrong is one warning, and leaves
 * what was kept before: only the signal's abort throws.
 */
export async function saveDownloads(
  watched: readonly WatchedDownloads[],
  request: SaveRequest,
  ports: Ports,
  options: CallOptions,
): Promise<KeptDownloads> {
  const saved: Saved[] = [];
  for (const each of watched) {
    try {
      saved.push(await save(each, request, ports, options));
    } catch (thrown) {
      options.signal.throwIfAborted();
      ports.log.warn(`what ${each.place.tool.name} downloaded is not kept: ${messageOf(thrown)}`);
      saved.push(asBefore(each));
    }
  }
  return {
    tools: saved.flatMap(({ downloads }) => downloads ?? []),
    news: saved.flatMap(({ news }) => news ?? []),
  };
}

async function save(
  each: WatchedDownloads,
  request: SaveRequest,
  ports: Ports,
  options: CallOptions,
): Promise<Saved> {
  const { earlier, place } = each;
  const { name, links = false } = place.tool;
  const kept = earlier?.layers ?? [];
  const after = storable(each.after);
  const next = nextLayer({ layers: kept.length, before: storable(each.before), after, links });
  if (next.kind === 'same') return asBefore(each);
  const room = request.limit - kept.reduce((sum, { unpacked }) => sum + unpacked, 0);
  const more = next.kind === 'more' ? await pack(next.paths, room, request, each, ports, options) : undefined;
  if (more !== undefined)
    return {
      downloads: downloadsOf(each, request, [...kept, more]),
      news: `${bytesText(more.size)} more of ${name} kept`,
    };
  if (after.size === 0) return emptied(each);
  const whole = await pack([...after.keys()], request.limit, request, each, ports, options);
  if (whole !== undefined)
    return {
      downloads: downloadsOf(each, request, [whole]),
      news: `${bytesText(whole.size)} of ${name} kept`,
    };
  ports.log.info(
    `what ${name} downloaded is not kept: it has more than the ${bytesText(request.limit)} of --download-cache-limit`,
  );
  return emptied(each);
}

/** A cache that has outgrown its limit would stay as it is for ever; without it the next run keeps what it needs itself. */
function emptied({ earlier, place }: WatchedDownloads): Saved {
  return earlier === undefined ? {} : { news: `${place.tool.name} starts anew` };
}

function asBefore({ earlier }: WatchedDownloads): Saved {
  return earlier === undefined ? {} : { downloads: earlier };
}

function downloadsOf(
  { place, above }: WatchedDownloads,
  { owner }: SaveRequest,
  layers: readonly CacheLayer[],
): ToolDownloads {
  const { tool, folders } = place;
  const { uid, gid } = owner;
  return {
    tool: tool.name,
    folders: [...folders],
    above: Object.fromEntries(above),
    owner: { uid, gid },
    layers: [...layers],
  };
}

/** Without what no layer can hold. */
function storable(listing: ReadonlyMap<string, string>): Map<string, string> {
  const keeps = keepsOf('/');
  return new Map([...listing].filter(([path, stat]) => !keeps.isUnstorable(path, stat)));
}

/** Packs paths into a layer in staging; `undefined` where they have more than `room` bytes. */
async function pack(
  paths: readonly string[],
  room: number,
  { secrets }: SaveRequest,
  { place }: WatchedDownloads,
  ports: Ports,
  options: CallOptions,
): Promise<CacheLayer | undefined> {
  const limited = limitStaging(ports.staging, room);
  const doing = `keep what ${place.tool.name} downloaded`;
  const guard = guardSecrets(limited.staging, secrets, { doing, hint: 'Let no file in its cache hold it.' });
  const content = { entries: paths, folders: [], whiteouts: [] };
  try {
    const layer = await captureLayer('task', content, { ...ports, staging: guard.staging }, options);
    guard.check();
    if (layer === undefined) return undefined;
    const { role: _, ...stored } = layer;
    return { ...stored, unpacked: limited.bytes() };
  } catch (thrown) {
    if (thrown instanceof NoRoom) return undefined;
    throw thrown;
  }
}

/** Ends a layer that grows beyond its limit. */
class NoRoom extends Error {
  override readonly name = 'NoRoom';
}

function limitStaging(
  staging: Staging,
  most: number,
): { readonly staging: Staging; readonly bytes: () => number } {
  let bytes = 0;
  const counted = async function* counted(tar: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of tar) {
      bytes += piece.byteLength;
      if (bytes > most) throw new NoRoom('there is no room');
      yield piece;
    }
  };
  return {
    staging: { ...staging, addLayer: (role, tar, options) => staging.addLayer(role, counted(tar), options) },
    bytes: () => bytes,
  };
}

import { messageOf } from '../../kernel/failure.ts';
import type { ToolDownloads } from '../../observe/download-cache.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { Staging } from '../../oci/staging.ts';
import { tarOf } from '../../oci/tar-writer.ts';
import { keepListing, type Listing } from '../compare-listings.ts';
import type { Container } from '../engine.ts';
import { listFolders } from '../listing.ts';
import type { Toolbox } from '../toolbox.ts';
import { rawPath } from './cache-place.ts';
import type { FoundDownloads } from './find-downloads.ts';

/** A tool's downloads as they lie in a container before its tasks run. */
export interface LaidDownloads extends FoundDownloads {
  /** Where earlier ones were laid: what the image itself has in their folders, and the folders (raw) made above them. */
  readonly laid?: { readonly ofImage: Listing; readonly made: readonly string[] };
}

/** Why a container holds a part of some downloads: nothing may run in it. */
export class PartlyLaid extends Error {
  override readonly name = 'PartlyLaid';
}

interface Ports {
  readonly container: Container;
  readonly toolbox: Toolbox;
  readonly staging: Staging;
  readonly clock: { now(): Date };
  readonly log: { warn(text: string): void };
}

/**
 * Lays what was found into a running container, over what its image has there. A path with a link on it is left as it is.
 * Throws a {@link PartlyLaid} where that broke off: then the container is of no use any more.
 */
export async function layDownloads(
  found: readonly FoundDownloads[],
  ports: Ports,
  options: CallOptions,
): Promise<readonly LaidDownloads[]> {
  const all: LaidDownloads[] = [];
  for (const { place, earlier } of found) {
    const way = earlier && (await findWay(place.folders, ports.container, options));
    if (earlier === undefined || way === undefined) all.push({ place });
    else if ('blocked' in way) {
      ports.log.warn(`the earlier downloads of ${place.tool.name} are not used: ${way.blocked} is no folder`);
      all.push({ place });
    } else all.push({ place, earlier, laid: await lay(earlier, way, ports, options) });
  }
  return all;
}

/** What of the way to some folders is there, and what is not; both absolute, the upper first. */
interface Way {
  readonly there: readonly string[];
  readonly missing: readonly string[];
}

async function findWay(
  folders: readonly string[],
  container: Container,
  options: CallOptions,
): Promise<Way | { readonly blocked: string }> {
  const there: string[] = [];
  const missing: string[] = [];
  for (const path of new Set(folders.flatMap(pathsTo))) {
    if (missing.some((folder) => path.startsWith(`${folder}/`))) {
      missing.push(path);
      continue;
    }
    const sight = await container.look(path, options);
    if (sight !== undefined && sight.kind !== 'folder') return { blocked: path };
    (sight === undefined ? missing : there).push(path);
  }
  return { there, missing };
}

/** The folders that lead to one, the upper first, and itself. */
function pathsTo(folder: string): readonly string[] {
  const names = folder.split('/').slice(1);
  return names.map((_, at) => `/${names.slice(0, at + 1).join('/')}`);
}

async function lay(
  earlier: ToolDownloads,
  { there, missing }: Way,
  { container, toolbox, staging, clock }: Ports,
  options: CallOptions,
): Promise<NonNullable<LaidDownloads['laid']>> {
  const present = earlier.folders.filter((folder) => there.includes(folder));
  const ofImage = await keepListing(listFolders(container, toolbox, present, options));
  const above = missing.filter((path) => earlier.above[path] !== undefined);
  try {
    await container.put(foldersTar(above, earlier, clock.now()), options);
    for (const layer of earlier.layers) await container.put(staging.readLayer(layer), options);
  } catch (thrown) {
    options.signal.throwIfAborted();
    throw new PartlyLaid(`cannot lay the earlier downloads of ${earlier.tool}: ${messageOf(thrown)}`);
  }
  return { ofImage, made: above.map(rawPath) };
}

/** An engine would make them for root. */
function foldersTar(
  folders: readonly string[],
  { above, owner }: ToolDownloads,
  now: Date,
): AsyncIterable<Uint8Array> {
  const mtime = Math.floor(now.getTime() / 1000);
  return tarOf(
    folders.map((path) => ({
      path: rawPath(path),
      kind: 'directory',
      mode: above[path] ?? 0o755,
      ...owner,
      mtime,
      size: 0,
    })),
  );
}

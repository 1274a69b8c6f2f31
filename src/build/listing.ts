import type { CallOptions } from '../oci/content-store.ts';
import type { Container } from './engine.ts';
import type { MountPoints } from './mount-points.ts';
import { brokenOff, runTool } from './run-tool.ts';
import { LISTED_LAST, type Toolbox } from './toolbox.ts';

/** Folders at the root that belong to the running container, or to nobody; they never enter a layer. */
const NEVER_LISTED = ['/proc', '/sys', '/dev', '/tmp', '/run', '/.dockerenv'] as const;

/** Type, inode, ctime, mtime, mode, uid, gid; the absolute path comes last since it may hold spaces. */
const FORMAT = String.raw`%y %i %C@ %T@ %m %U %G %p\0`;
const FIELDS_BEFORE_PATH = 7;

const ROOT = '/';
const LISTING = 'list the files of the container';
/** What comes last: a connection that ends between two paths would look like the end, and all else like deleted. */
const LAST_PATH = `${LISTED_LAST}/last`.slice(ROOT.length);
const NUL = 0;
const SPACE = 0x20;

/** One path of a container's file system. */
export interface ListedPath {
  /** Without a leading slash; raw bytes as latin1 text. */
  readonly path: string;
  /** `<type> <inode> <ctime> <mtime> <mode> <uid> <gid>` as find(1) prints them with `%y %i %C@ %T@ %m %U %G`. */
  readonly stat: string;
}

/**
 * Lists the root file system of a running container, in no order and without `/` itself: with the volumes of its image,
 * without whatever else is mounted there. Throws a `PreheatError` of phase `build` when the listing is not whole.
 */
export async function* listPaths(
  container: Container,
  toolbox: Toolbox,
  { foreign, volumes }: MountPoints,
  options: CallOptions,
): AsyncGenerator<ListedPath> {
  const isMounted = belowAnyOf(foreign);
  const words = findArguments(mountsAmongListed(volumes));
  for await (const listed of find(container, toolbox, words, options)) {
    if (!isMounted(listed.path)) yield listed;
  }
}

/** Lists folders (absolute, none within another) with all that lies in them, as {@link listPaths} does. */
export async function* listFolders(
  container: Container,
  toolbox: Toolbox,
  folders: readonly string[],
  options: CallOptions,
): AsyncGenerator<ListedPath> {
  if (folders.length === 0) return;
  const words = [...folders, LISTED_LAST, '-xdev', '-printf', FORMAT];
  for await (const listed of find(container, toolbox, words, options)) {
    if (listed.path !== LISTED_LAST.slice(ROOT.length)) yield listed;
  }
}

async function* find(
  container: Container,
  toolbox: Toolbox,
  words: readonly string[],
  options: CallOptions,
): AsyncGenerator<ListedPath> {
  const tool = await runTool(container, { command: [...toolbox.command('find'), ...words] }, options);
  let isWhole = false;
  for await (const listed of parseListing(tool.stdout)) {
    isWhole = listed.path === LAST_PATH;
    if (!isWhole) yield listed;
  }
  await tool.succeeded(LISTING);
  if (!isWhole) throw brokenOff(LISTING);
}

/**
 * A volume is a file system of its own: the way from above ends at it, and it is a start of its own, so that volumes
 * within volumes are listed once, whether they share a device or not.
 */
function findArguments(volumes: readonly string[]): readonly string[] {
  const places = volumes.map((volume) => `/${Buffer.from(volume, 'latin1').toString('utf8')}`);
  const never = anyPath(NEVER_LISTED);
  const ends = places.length === 0 ? [] : [...anyPath(places), '-printf', FORMAT, '-prune', '-o'];
  const starts = ['/', ...places, LISTED_LAST];
  return [...starts, '-xdev', '-mindepth', '1', ...never, '-prune', '-o', ...ends, '-printf', FORMAT];
}

function anyPath(paths: readonly string[]): readonly string[] {
  const tests = paths.flatMap((path) => ['-o', '-path', path.replaceAll(/[\\*?[]/g, String.raw`\$&`)]);
  return ['(', ...tests.slice(1), ')'];
}

/**
 * Reads what find printed. Each text is a copy of its own few bytes: slices of a larger string would keep all of the
 * listing in memory.
 */
export async function* parseListing(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ListedPath> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.byteLength === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(NUL); end >= 0; end = bytes.indexOf(NUL, start)) {
      const listed = parseRecord(bytes.subarray(start, end));
      if (listed) yield listed;
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
}

function parseRecord(record: Buffer): ListedPath | undefined {
  let end = -1;
  for (let field = 0; field < FIELDS_BEFORE_PATH; field++) {
    end = record.indexOf(SPACE, end + 1);
    if (end < 0) return undefined;
  }
  return { stat: record.toString('latin1', 0, end), path: record.toString('latin1', end + 1 + ROOT.length) };
}

function belowAnyOf(mounts: readonly string[]): (path: string) => boolean {
  const listed = mountsAmongListed(mounts);
  return (path) => listed.some((mount) => isAtOrBelow(path, mount));
}

/** Whether a path (absolute) is, or lies in, what no listing shows. */
export function isNeverListed(path: string): boolean {
  return NEVER_LISTED.some((root) => isAtOrBelow(path, root));
}

/** The mount points outside the folders that are never listed. */
export function mountsAmongListed(mounts: readonly string[]): readonly string[] {
  return mounts.filter((mount) => !isNeverListed(`/${mount}`));
}

/** Whether `path` is `folder` or lies below it. */
function isAtOrBelow(path: string, folder: string): boolean {
  return path.startsWith(folder) && (path.length === folder.length || path[folder.length] === '/');
}

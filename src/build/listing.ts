import type { CallOptions } from '../oci/content-store.ts';
import type { Container } from './engine.ts';
import { runTool } from './run-tool.ts';
import type { Toolbox } from './toolbox.ts';

/** Folders at the root that belong to the running container, or to nobody; they never enter a layer. */
const NEVER_LISTED = ['/proc', '/sys', '/dev', '/tmp', '/run', '/.dockerenv'] as const;

/** Type, inode, ctime, mtime, mode, uid, gid; the path comes last since it may hold spaces. */
const FORMAT = String.raw`%y %i %C@ %T@ %m %U %G %P\0`;
const FIELDS_BEFORE_PATH = 7;

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
 * Lists the root file system of a running container, in no order and without `/` itself; whatever is mounted there is
 * left out. Throws a `PreheatError` of phase `build` when the listing is not whole.
 */
export async function* listPaths(
  container: Container,
  toolbox: Toolbox,
  mounts: readonly string[],
  options: CallOptions,
): AsyncGenerator<ListedPath> {
  const isMounted = belowAnyOf(mounts);
  const tool = await runTool(
    container,
    { command: [...toolbox.command('find'), ...findArguments()] },
    options,
  );
  for await (const listed of parseListing(tool.stdout)) if (!isMounted(listed.path)) yield listed;
  await tool.succeeded('list the files of the container');
}

function findArguments(): readonly string[] {
  const pruned = NEVER_LISTED.flatMap((path, index) =>
    index === 0 ? ['-path', path] : ['-o', '-path', path],
  );
  return ['/', '-xdev', '-mindepth', '1', '(', ...pruned, ')', '-prune', '-o', '-printf', FORMAT];
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
  return { stat: record.toString('latin1', 0, end), path: record.toString('latin1', end + 1) };
}

function belowAnyOf(mounts: readonly string[]): (path: string) => boolean {
  const listed = mountsAmongListed(mounts);
  return (path) => listed.some((mount) => isAtOrBelow(path, mount));
}

/** The mount points outside the folders that are never listed. */
export function mountsAmongListed(mounts: readonly string[]): readonly string[] {
  return mounts.filter((mount) => !NEVER_LISTED.some((root) => isAtOrBelow(`/${mount}`, root)));
}

/** Whether `path` is `folder` or lies below it. */
function isAtOrBelow(path: string, folder: string): boolean {
  return path.startsWith(folder) && (path.length === folder.length || path[folder.length] === '/');
}

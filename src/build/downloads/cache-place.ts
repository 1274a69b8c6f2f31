import { posix } from 'node:path';
import { leftOutCaches } from '../left-out.ts';
import { isNeverListed } from '../listing.ts';
import type { CacheTool, Variables } from './cache-tools.ts';

/** Where a tool keeps its downloads in one run. */
export interface CachePlace {
  readonly tool: CacheTool;
  /** Absolute and plain (no `.` or `..`), none within another. */
  readonly folders: readonly string[];
}

/** What decides where a tool keeps its downloads. */
export interface CacheSurroundings {
  /** All variables of each task, the image's among them. */
  readonly tasks: readonly Variables[];
  /** Home of the tasks' user, absolute. */
  readonly home: string;
  readonly checkoutLocation: string;
}

/**
 * Where the tasks of a run keep a tool's downloads; a text says why nothing can be laid there. What images leave out is
 * laid only where they do so: anywhere else it would come into them.
 */
export function placeCache(
  tool: CacheTool,
  { tasks, home, checkoutLocation }: CacheSurroundings,
): CachePlace | string {
  const found = tasks.map((variables) => [...tool.folders(variables, variables['HOME'] ?? home)]);
  const [folders = []] = found;
  if (new Set(found.map(String)).size > 1) return 'its tasks do not agree where they are';
  for (const folder of folders) {
    if (!posix.isAbsolute(folder) || posix.normalize(folder) !== folder || folder === '/')
      return `${folder} is no absolute path`;
    if (isNeverListed(folder)) return `${folder} is no part of an image`;
    if (isWithin(folder, checkoutLocation)) return `${folder} lies among the sources`;
    if (tool.leftOut && !leftOutCaches(home)(rawPath(folder))) return `images do not leave out ${folder}`;
  }
  return { tool, folders };
}

/** A path as listings and layers have it: without a leading slash, raw bytes as latin1 text. */
export function rawPath(absolute: string): string {
  return Buffer.from(absolute.slice(1)).toString('latin1');
}

/** Whether one path is the other or lies below it; both of one form. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

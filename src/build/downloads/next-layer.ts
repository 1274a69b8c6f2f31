import type { Listing } from '../compare-listings.ts';

/** What is to be kept of a tool's downloads after a run; paths are raw. */
export type NextLayer =
  /** What is kept already. */
  | { readonly kind: 'same' }
  /** One more layer over what is kept. */
  | { readonly kind: 'more'; readonly paths: readonly string[] }
  /** One layer in place of all that is kept. */
  | { readonly kind: 'whole'; readonly paths: readonly string[] };

/** Laying each is a call, and what an upper one replaces is still fetched. */
const MOST_LAYERS = 8;

/** A tool's downloads before and after the tasks. */
export interface DownloadListings {
  /** How many layers were laid before; 0 where there was nothing to lay. */
  readonly layers: number;
  readonly before: Listing;
  readonly after: Listing;
  /** Whether installing hard-links files, which moves their ctime alone. */
  readonly links: boolean;
}

/**
 * Decides from listings what is to be kept. Layers lie one over another and take nothing away; so where anything has
 * gone that was there, all is kept anew.
 */
export function nextLayer({ layers, before, after, links }: DownloadListings): NextLayer {
  const changed = [...after].filter(([path, stat]) => isChanged(before.get(path), stat, links));
  const isGone = [...before.keys()].some((path) => !after.has(path));
  if (changed.length === 0 && !isGone) return { kind: 'same' };
  if (layers === 0 || layers >= MOST_LAYERS || isGone) return { kind: 'whole', paths: [...after.keys()] };
  return { kind: 'more', paths: changed.map(([path]) => path) };
}

/** A folder's own times move with what lies in it. */
function isChanged(old: string | undefined, stat: string, links: boolean): boolean {
  if (old === undefined) return true;
  if (old === stat) return false;
  return identityOf(old, links) !== identityOf(stat, links);
}

function identityOf(stat: string, links: boolean): string {
  const [type, inode, ctime, mtime, ...attributes] = stat.split(' ');
  if (type === 'd') return [type, ...attributes].join(' ');
  return [type, inode, ...(links ? [] : [ctime]), mtime, ...attributes].join(' ');
}

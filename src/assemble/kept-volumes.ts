import type { CarriedPaths } from '../build/carried-paths.ts';
import type { Claims } from '../observe/step-record.ts';

/** The paths that layers above the base hold, without leading slashes, raw bytes as latin1 text. */
export interface WrittenPaths {
  readonly claims: Claims;
  readonly carried: readonly CarriedPaths[];
}

/**
 * The volumes of a base (the keys of `Volumes` in its config) that its workspace image declares too: those that lie
 * apart from the checkouts and from all that our layers hold. An engine mounts a folder over a volume, with a copy of the
 * image's files at best and empty at worst, so that what lies there would be slow to start or lost.
 */
export function keptVolumes(
  volumes: Readonly<Record<string, unknown>>,
  checkouts: readonly string[],
  { claims, carried }: WrittenPaths,
): { readonly Volumes?: Readonly<Record<string, unknown>> } {
  const folders = [...claims.subtrees, ...checkouts.map(rawPath)];
  const paths = [...folders, ...claims.entries];
  const kept = Object.entries(volumes).filter(([name]) => {
    const volume = rawPath(name);
    const isBelow = folders.some((folder) => isAtOrBelow(volume, folder));
    const isAbove = paths.some((path) => isAtOrBelow(path, volume));
    return !isBelow && !isAbove && !carried.some((layer) => holdsOf(volume, layer));
  });
  return kept.length === 0 ? {} : { Volumes: Object.fromEntries(kept) };
}

/** Names in a config are what a Dockerfile said: `/data/`, `//data`. */
function rawPath(path: string): string {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  return Buffer.from(names.join('/')).toString('latin1');
}

/** Whether a layer holds a path or something below it; an image's root is above everything. */
function holdsOf(path: string, layer: CarriedPaths): boolean {
  return path === '' || layer.get(path) !== undefined || layer.findBelow(path) !== undefined;
}

/** Whether `path` is `folder` or lies below it; all lies below the root. */
function isAtOrBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

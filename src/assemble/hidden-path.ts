import type { CarriedPaths } from '../build/carried-paths.ts';
import type { Claims } from '../observe/step-record.ts';

/** A path of the task layer that a layer above it would hide. */
export interface HiddenPath {
  readonly path: string;
  readonly by: string;
}

/**
 * Looks for a path of the task layer that an upper layer hides: the same path or a leaf above it in the tree, or
 * anything put inside a folder that the tasks made. Directories merge and hide nothing outside such a folder.
 */
export function findHiddenPath(claims: Claims, upper: CarriedPaths): HiddenPath | undefined {
  for (const path of [...claims.subtrees, ...claims.entries]) {
    const by = leafAtOrAbove(path, upper) ?? (upper.get(path) && path);
    if (by !== undefined) return { path, by };
  }
  for (const path of claims.subtrees) {
    const by = upper.findBelow(path);
    if (by !== undefined) return { path, by };
  }
  return undefined;
}

function leafAtOrAbove(path: string, upper: CarriedPaths): string | undefined {
  return [...ancestorsOf(path), path].find((candidate) => upper.get(candidate) === 'leaf');
}

/** The folders above a path, outermost first. */
function ancestorsOf(path: string): readonly string[] {
  const ancestors: string[] = [];
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    ancestors.push(path.slice(0, slash));
  }
  return ancestors;
}

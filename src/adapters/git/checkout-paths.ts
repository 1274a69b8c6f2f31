import type { CarriedKind, CarriedPaths } from '../../build/carried-paths.ts';
import type { TreeListing } from '../../kernel/tree-listing.ts';
import { findEntry, firstBelow } from '../../kernel/tree-lookup.ts';
import type { PlacedCommit } from './checkout-entries.ts';
import { foldersAbove } from './folders-above.ts';
import { GITLINK } from './index-file.ts';

/** The paths of a checkout: what commits track in their places, and what lies there beside that. */
export interface CheckoutPaths extends CarriedPaths {
  readonly tracked: readonly TrackedPart[];
  /** What lies in git folders, and the `.git` of submodules. */
  readonly others: ReadonlyMap<string, CarriedKind>;
}

/** What a commit tracks, and the folder in which it lies. */
export type TrackedPart = Pick<PlacedCommit, 'path'> & { readonly listed: TreeListing };

/** The paths of parts, and others with the folders above them. */
export function checkoutPaths(
  tracked: readonly TrackedPart[],
  leaves: ReadonlyMap<string, CarriedKind>,
): CheckoutPaths {
  const folders = [...foldersAbove(leaves.keys())].map((folder) => [folder, 'directory'] as const);
  const others = new Map([...folders, ...leaves]);
  return {
    tracked,
    others,
    get: (path) => others.get(path) ?? firstOf(tracked, (part) => kindIn(part, path)),
    findBelow(folder) {
      const start = folder === '' ? '' : `${folder}/`;
      const other = others.keys().find((path) => path.startsWith(start));
      return other ?? firstOf(tracked, (part) => belowIn(part, folder));
    },
  };
}

function firstOf<T>(parts: readonly TrackedPart[], ask: (part: TrackedPart) => T | undefined): T | undefined {
  for (const part of parts) {
    const answer = ask(part);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** A gitlink is a folder. */
function kindIn({ path, listed }: TrackedPart, asked: string): CarriedKind | undefined {
  const below = path === '' ? asked : pathBelow(path, asked);
  if (below === undefined || below === '') return undefined;
  const entry = findEntry(listed, below);
  if (entry !== undefined) return entry.mode === GITLINK ? 'directory' : 'leaf';
  return firstBelow(listed, below) === undefined ? undefined : 'directory';
}

function belowIn({ path, listed }: TrackedPart, folder: string): string | undefined {
  const isAbove = folder === '' || path === folder || path.startsWith(`${folder}/`);
  const below = isAbove ? '' : path === '' ? folder : pathBelow(path, folder);
  const found = below === undefined ? undefined : firstBelow(listed, below);
  return found === undefined ? undefined : placed(path, found);
}

function pathBelow(folder: string, path: string): string | undefined {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
}

/** A path within a part, in the checkout. */
export function placed(folder: string, below: string): string {
  return folder === '' ? below : `${folder}/${below}`;
}

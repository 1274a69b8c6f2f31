import { join } from 'node:path';
import type { LaidCheckout } from '../../observe/keyframe.ts';
import type { TreeListing } from '../../kernel/tree-listing.ts';
import { placeOf, placeOfBytes, sizeAt } from '../../kernel/tree-lookup.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { CheckoutPart, PlacedCommit } from './checkout-entries.ts';
import { openClone } from './clone.ts';
import type { Difference } from './difference.ts';
import { readTopPart, submodulePart, type EarlierPart } from './earlier-part.ts';
import { findChanged } from './find-difference.ts';
import { gitPlaceIn } from './git-command.ts';
import type { SourceTreeOptions } from './laying-options.ts';
import type { LfsMode } from './lfs.ts';
import { openTemporaryFolder } from './temporary-folder.ts';
import { rememberingTreeLists } from './tree-lists.ts';
import { leavesOf } from './tree-difference.ts';

/** A commit that is to be laid down in a checkout. */
export type CommitInClone = PlacedCommit & Pick<CheckoutPart, 'clone'>;

/** A checkout that was laid down before, and what of it a later one keeps. */
export interface EarlierCheckout {
  readonly record: LaidCheckout;
  /** The repository itself, then its submodules. */
  readonly parts: readonly EarlierPart[];
  /** The submodules that were kept so far, those in them too. */
  readonly kept: readonly EarlierPart[];
  /** How a commit differs from what lies in its place. */
  differenceTo(placed: CommitInClone, options: CallOptions): Promise<Difference>;
  /** Whether a submodule is there as it is to be; it is kept then. */
  keeps(submodule: PlacedCommit): boolean;
}

/**
 * Reads what a clone knows of an earlier checkout. Throws a `PreheatError` where it lacks the commit or some of its
 * history.
 */
export async function openEarlierCheckout(
  directory: string,
  record: LaidCheckout,
  options: SourceTreeOptions,
  { signal }: CallOptions,
): Promise<EarlierCheckout> {
  const { openFolder = openTemporaryFolder, treeLists = rememberingTreeLists(openFolder) } = options;
  await using folder = await openFolder('earlier');
  const clone = await openClone(await gitPlaceIn(directory, 'build', options.git), {
    signal,
    readers: options.readers,
  });
  const top = await readTopPart(join(folder.path, 'git'), clone, record, { signal });
  const parts = [top, ...record.submodules.map(submodulePart)];
  const kept: EarlierPart[] = [];
  return {
    record,
    parts,
    kept,
    differenceTo: async (placed, call) =>
      await differenceTo(
        placed,
        { parts, sizes: record.sizes, lfs: record.mode.lfs },
        { ...call, openFolder, treeLists },
      ),
    keeps(submodule) {
      const found = parts.slice(1).find((part) => isEqual(part, submodule));
      if (found === undefined) return false;
      kept.push(found, ...parts.filter(({ gitPath }) => gitPath.startsWith(`${found.gitPath}/modules/`)));
      return true;
    },
  };
}

interface Ground extends Pick<EarlierCheckout, 'parts'> {
  /** Bytes of files that are not as many as those of their blob, by their paths in the checkout. */
  readonly sizes: LaidCheckout['sizes'];
  readonly lfs: LfsMode;
}

async function differenceTo(
  { path, gitPath, clone, commit }: CommitInClone,
  { parts, sizes, lfs }: Ground,
  options: CallOptions & Required<Pick<SourceTreeOptions, 'openFolder' | 'treeLists'>>,
): Promise<Difference> {
  const listed = await options.treeLists.withSizes(clone.place, commit, options);
  const earlier = parts.find((part) => part.path === path);
  const changed =
    earlier === undefined
      ? new Set(leavesOf(listed))
      : await findChanged({ clone, commit, listed, lfs }, earlier, options);
  // A submodule that moved has its objects still where its name leads.
  const packed = parts.find((part) => part.gitPath === gitPath);
  const changedPlaces = new Set(Array.from(changed, (below) => placeOf(listed, below)));
  const odd = oddSizes(sizes, path, listed);
  return {
    listed,
    changed,
    sizeOf(below, guess) {
      const place = placeOfBytes(listed, below, guess);
      if (place === undefined || changedPlaces.has(place)) return undefined;
      return odd.get(place) ?? sizeAt(listed, place);
    },
    objects: packed?.objects ?? { has: () => false },
  };
}

/** Those of the files of one part, by their places in its listing. */
function oddSizes(
  sizes: Ground['sizes'],
  folder: string,
  listed: TreeListing,
): ReadonlyMap<number | undefined, number> {
  const above = folder === '' ? '' : `${folder}/`;
  const own = sizes.filter(([path]) => path.startsWith(above));
  return new Map(own.map(([path, size]) => [placeOf(listed, path.slice(above.length)), size]));
}

function isEqual(part: PlacedCommit, other: PlacedCommit): boolean {
  const { path, gitPath, commit, remoteUrl } = part;
  return (
    path === other.path &&
    gitPath === other.gitPath &&
    commit === other.commit &&
    remoteUrl === other.remoteUrl
  );
}

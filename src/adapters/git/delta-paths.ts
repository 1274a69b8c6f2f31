import type { LaidCheckout } from '../../observe/keyframe.ts';
import type { CheckoutItem, CheckoutPart, PlacedCommit } from './checkout-entries.ts';
import type { EarlierCheckout } from './earlier-checkout.ts';
import type { EarlierPart } from './earlier-part.ts';
import { foldersAbove } from './folders-above.ts';
import { GITLINK } from './index-file.ts';
import { TREE } from './list-tree.ts';
import { digestOfItem, packOf } from './record-checkout.ts';

type Paths = Map<string, 'directory' | 'leaf'>;

/** The paths of an earlier checkout. */
export function pathsBefore({ record, parts }: EarlierCheckout): Paths {
  const paths: Paths = new Map();
  for (const part of parts) addEarlier(paths, part, record);
  return withFolders(paths);
}

/** The paths of a checkout of some parts that lies upon an earlier one, together with it. */
export function pathsAfter(
  items: ReadonlyMap<string, CheckoutItem>,
  parts: readonly CheckoutPart[],
  { record, parts: earlier, kept }: EarlierCheckout,
): Paths {
  const paths: Paths = new Map();
  for (const part of kept) addEarlier(paths, part, record);
  for (const part of parts)
    addTracked(
      paths,
      part,
      part.laid.index.values().map(({ path, mode }) => [path, mode]),
    );
  const folders = new Set(parts.map(({ gitPath }) => gitPath));
  for (const part of earlier) if (folders.has(part.gitPath)) addPacks(paths, part, record);
  for (const { path, kind } of items.values()) paths.set(path, kind === 'directory' ? kind : 'leaf');
  return withFolders(paths);
}

/** Of what was laid, the files and links that an earlier checkout lacks or has otherwise. */
export async function changedItems(
  parts: readonly CheckoutPart[],
  items: ReadonlyMap<string, CheckoutItem>,
  earlier: EarlierCheckout,
): Promise<ReadonlyMap<string, CheckoutItem>> {
  const gitFolders = new Set(parts.map(({ laid }) => laid.gitFolder));
  const known = {
    digests: new Map(earlier.record.gitFiles),
    packs: new Set(earlier.record.packs),
    gitFiles: new Set(parts.filter((part) => isInPlace(part, earlier)).map(({ path }) => `${path}/.git`)),
  };
  const changed = new Map<string, CheckoutItem>();
  for (const [path, item] of items) {
    const isKnown = gitFolders.has(item.top) ? await isGitFileKnown(item, known) : known.gitFiles.has(path);
    if (item.kind !== 'directory' && !isKnown) changed.set(path, item);
  }
  return changed;
}

/** Whether a submodule lies where it lay, so that its `.git` leads to the same git folder. */
function isInPlace({ path, gitPath }: CheckoutPart, { parts }: EarlierCheckout): boolean {
  return parts.some((part) => part.path === path && part.gitPath === gitPath);
}

async function isGitFileKnown(
  item: CheckoutItem,
  { digests, packs }: { readonly digests: ReadonlyMap<string, string>; readonly packs: ReadonlySet<string> },
): Promise<boolean> {
  if (item.kind === 'directory') return true;
  const pack = packOf(item);
  return pack === undefined ? digests.get(item.path) === (await digestOfItem(item)) : packs.has(pack);
}

/** Adds the paths of a part: tracked ones, and those of its git folder. */
function addEarlier(paths: Paths, part: EarlierPart, record: LaidCheckout): void {
  addTracked(
    paths,
    part,
    part.entries.entries().map(([path, { mode }]) => [path, mode]),
  );
  const isOwn = inGitFolder(part);
  for (const [path] of record.gitFiles) if (isOwn(path)) paths.set(path, 'leaf');
  for (const path of record.gitFolders) if (isOwn(path)) paths.set(path, 'directory');
  addPacks(paths, part, record);
}

/** Adds what a commit tracks, and the `.git` of a submodule. */
function addTracked(
  paths: Paths,
  { path: prefix }: PlacedCommit,
  entries: Iterable<readonly [path: string, mode: number]>,
): void {
  const above = prefix === '' ? '' : `${prefix}/`;
  for (const [path, mode] of entries)
    paths.set(`${above}${path}`, mode === TREE || mode === GITLINK ? 'directory' : 'leaf');
  if (prefix !== '') paths.set(`${prefix}/.git`, 'leaf');
}

function addPacks(paths: Paths, part: PlacedCommit, { packs }: LaidCheckout): void {
  for (const pack of packs.filter(inGitFolder(part)))
    for (const ending of ['idx', 'pack']) paths.set(`${pack}.${ending}`, 'leaf');
}

/** Tells what lies in a part's own git folder, those of submodules apart. */
function inGitFolder({ gitPath }: PlacedCommit): (path: string) => boolean {
  return (path) => path.startsWith(`${gitPath}/`) && !path.startsWith(`${gitPath}/modules/`);
}

function withFolders(paths: Paths): Paths {
  for (const folder of foldersAbove(paths.keys())) if (!paths.has(folder)) paths.set(folder, 'directory');
  return paths;
}

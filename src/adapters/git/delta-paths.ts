import type { CarriedKind } from '../../build/carried-paths.ts';
import type { LaidCheckout } from '../../observe/keyframe.ts';
import { pathsOf } from '../../kernel/tree-lookup.ts';
import type { CheckoutItem, CheckoutPart, PlacedCommit } from './checkout-entries.ts';
import type { EarlierCheckout } from './earlier-checkout.ts';
import { checkoutPaths, placed, type CheckoutPaths, type TrackedPart } from './checkout-paths.ts';
import { compareTrees } from './tree-difference.ts';
import { digestOfItem, packOf } from './record-checkout.ts';

/** The paths of an earlier checkout. */
export function pathsBefore({ record, parts }: EarlierCheckout): CheckoutPaths {
  const others = new Map<string, CarriedKind>();
  for (const part of parts) addGitFolder(others, part, record);
  return checkoutPaths(parts, others);
}

/** The paths of a checkout of some parts that lies upon an earlier one, together with it. */
export function pathsAfter(
  items: ReadonlyMap<string, CheckoutItem>,
  parts: readonly CheckoutPart[],
  { record, parts: earlier, kept }: EarlierCheckout,
): CheckoutPaths {
  const others = new Map<string, CarriedKind>();
  for (const part of kept) addGitFolder(others, part, record);
  const folders = new Set(parts.map(({ gitPath }) => gitPath));
  for (const part of earlier) if (folders.has(part.gitPath)) addPacks(others, part, record);
  for (const { path, kind } of items.values()) others.set(path, kind === 'directory' ? kind : 'leaf');
  return checkoutPaths([...kept, ...parts.map(trackedPart)], others);
}

/** What the earlier checkout has and the later one may lack: of trees that are in both, only what is not listed any more. */
export function pathsGone(before: CheckoutPaths, after: CheckoutPaths): readonly string[] {
  const tracked = before.tracked.flatMap(({ path, listed }): readonly string[] => {
    const now = after.tracked.find((part) => part.path === path)?.listed;
    if (now === listed) return [];
    const gone = now === undefined ? [...pathsOf(listed)] : compareTrees(listed, now).gone;
    return gone.map((below) => placed(path, below));
  });
  const others = before.others.keys().filter((path) => !after.others.has(path));
  return [...tracked, ...others].filter((path) => after.get(path) === undefined);
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

function trackedPart({ path, laid }: CheckoutPart): TrackedPart {
  if (laid.difference === undefined) throw new TypeError('what lies upon a checkout is laid as a difference');
  return { path, listed: laid.difference.listed };
}

/** Adds what lies in the git folder of a part, and the `.git` of a submodule. */
function addGitFolder(paths: Map<string, CarriedKind>, part: PlacedCommit, record: LaidCheckout): void {
  const isOwn = inGitFolder(part);
  for (const [path] of record.gitFiles) if (isOwn(path)) paths.set(path, 'leaf');
  for (const path of record.gitFolders) if (isOwn(path)) paths.set(path, 'directory');
  addPacks(paths, part, record);
  if (part.path !== '') paths.set(`${part.path}/.git`, 'leaf');
}

function addPacks(paths: Map<string, CarriedKind>, part: PlacedCommit, { packs }: LaidCheckout): void {
  for (const pack of packs.filter(inGitFolder(part)))
    for (const ending of ['idx', 'pack']) paths.set(`${pack}.${ending}`, 'leaf');
}

/** Tells what lies in a part's own git folder, those of submodules apart. */
function inGitFolder({ gitPath }: PlacedCommit): (path: string) => boolean {
  return (path) => path.startsWith(`${gitPath}/`) && !path.startsWith(`${gitPath}/modules/`);
}

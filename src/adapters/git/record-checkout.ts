import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LaidCheckout, LaidSubmodule, LayingMode } from '../../observe/keyframe.ts';
import type { TreeListing } from '../../kernel/tree-listing.ts';
import { placeOf, sizeAt } from '../../kernel/tree-lookup.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { digestOf, type Digest } from '../../oci/digest.ts';
import { gitItems, type CheckoutItem, type CheckoutPart } from './checkout-entries.ts';
import { runGit } from './git-command.ts';
import { listTree } from './list-tree.ts';

/** With the folders: their objects are there too. */
const LIST_ALL = 'ls-tree -r -t -z --full-tree --end-of-options';
const LISTED = /(\d+) [a-z]+ ([0-9a-f]+)\t([^\0]+)\0/g;

/** Writes down what a checkout that was laid leaves to be known of it. */
export async function recordCheckout(
  parts: readonly CheckoutPart[],
  mode: LayingMode,
  { signal }: CallOptions,
): Promise<LaidCheckout> {
  const [top] = parts;
  if (top === undefined) throw new TypeError('a checkout has at least the repository itself');
  const submodules: LaidSubmodule[] = [];
  const sizes: LaidCheckout['sizes'] = [];
  for (const part of parts) {
    const { clone, commit, laid } = part;
    const file = `${laid.gitFolder}.tree`;
    const listed = await listTree(clone.place, commit, { signal, file, withSizes: true });
    sizes.push(...oddSizes(part, listed));
    if (part !== top) submodules.push(await submoduleOf(part, { signal }));
  }
  const { commit, laid } = top;
  return { commit, cut: [...laid.cut], mode, submodules, ...(await gitFoldersOf(parts)), sizes };
}

/** The files whose bytes are not as many as those of their blob, by their paths in the checkout. */
function* oddSizes({ path: prefix, laid }: CheckoutPart, listed: TreeListing): Generator<[string, number]> {
  for (const { path, size, link } of laid.index.entries()) {
    const place = placeOf(listed, path);
    if (link !== undefined || (place !== undefined && sizeAt(listed, place) === size)) continue;
    yield [prefix === '' ? path : `${prefix}/${path}`, size];
  }
}

async function submoduleOf(
  { clone, commit, path, gitPath, remoteUrl }: CheckoutPart,
  { signal }: CallOptions,
): Promise<LaidSubmodule> {
  const call = { signal, purpose: `list commit ${commit.slice(0, 12)}` };
  const args = ['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`];
  const tree = await runGit(clone.place, args, call);
  const listed = await runGit(clone.place, [...LIST_ALL.split(' '), commit], call);
  return {
    path,
    gitPath,
    commit,
    tree: tree.toString('latin1').trim().split('\n').at(-1) ?? '',
    ...(remoteUrl === undefined ? {} : { remoteUrl }),
    entries: [...listed.toString('latin1').matchAll(LISTED)].map(([, mode = '', id = '', below = '']) => [
      below,
      Number.parseInt(mode, 8),
      id,
    ]),
  };
}

async function gitFoldersOf(
  parts: readonly CheckoutPart[],
): Promise<Pick<LaidCheckout, 'gitFiles' | 'gitFolders' | 'packs'>> {
  const items = (await Promise.all(parts.map(gitItems))).flat();
  const files = items.filter(({ kind }) => kind === 'file');
  const gitFiles: LaidCheckout['gitFiles'] = [];
  for (const file of files)
    if (packOf(file) === undefined) gitFiles.push([file.path, await digestOfItem(file)]);
  return {
    gitFiles: gitFiles.toSorted(byPath),
    gitFolders: items
      .filter(({ kind }) => kind === 'directory')
      .map(({ path }) => path)
      .toSorted(),
    packs: [...new Set(files.flatMap((file) => packOf(file) ?? []))].toSorted(),
  };
}

/** The pack that an item of a git folder belongs to, by its path without what ends the name. */
export function packOf({ path, below }: CheckoutItem): string | undefined {
  return /^objects\/pack\/[^/]+\.[a-z]+$/.test(below) ? path.replace(/\.[a-z]+$/, '') : undefined;
}

/** The digest of a small file's content. */
export async function digestOfItem({ top, below }: CheckoutItem): Promise<Digest> {
  return digestOf(await readFile(join(top, below)));
}

function byPath([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

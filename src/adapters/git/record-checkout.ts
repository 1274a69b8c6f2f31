import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LaidCheckout, LaidSubmodule, LayingMode } from '../../observe/keyframe.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { digestOf, type Digest } from '../../oci/digest.ts';
import { gitItems, type CheckoutItem, type CheckoutPart } from './checkout-entries.ts';
import { runGit } from './git-command.ts';
import { listTree, type ListedTree } from './list-tree.ts';

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
    const listed = await listTree(part.clone.place, part.commit, { signal });
    sizes.push(...oddSizes(part, listed));
    if (part !== top) submodules.push(await submoduleOf(part, listed, { signal }));
  }
  const { commit, laid } = top;
  return { commit, cut: [...laid.cut], mode, submodules, ...(await gitFoldersOf(parts)), sizes };
}

/** The files whose bytes are not as many as those of their blob, by their paths in the checkout. */
function* oddSizes({ path: prefix, laid }: CheckoutPart, listed: ListedTree): Generator<[string, number]> {
  for (const { path, size, link } of laid.index) {
    if (link !== undefined || listed.get(path)?.size === size) continue;
    yield [prefix === '' ? path : `${prefix}/${path}`, size];
  }
}

async function submoduleOf(
  { clone, commit, path, gitPath, remoteUrl }: CheckoutPart,
  listed: ListedTree,
  { signal }: CallOptions,
): Promise<LaidSubmodule> {
  const args = ['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`];
  const tree = await runGit(clone.place, args, { signal, purpose: `list commit ${commit.slice(0, 12)}` });
  return {
    path,
    gitPath,
    commit,
    tree: tree.toString('latin1').trim().split('\n').at(-1) ?? '',
    ...(remoteUrl === undefined ? {} : { remoteUrl }),
    entries: [...listed].map(([below, { mode, id }]) => [below, mode, id]),
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

import { mkdtemp } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { messageOf, PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { CheckoutPart } from './checkout-entries.ts';
import type { Clone } from './clone.ts';
import type { ConfigSection } from './config-text.ts';
import { fetchCommit } from './fetch-commit.ts';
import { readGitmodules, type Gitmodule } from './gitmodules.ts';
import type { EarlierCheckout } from './earlier-checkout.ts';
import { addSettings, layCommit, type LaidCommit } from './lay-commit.ts';
import type { LfsMode } from './lfs.ts';
import { publicRemoteUrl } from './remote-url.ts';
import { askRouted, type Route, type Way } from './routed-fetch.ts';
import { findSubmoduleClone } from './submodule-clone.ts';
import { faultOfUrl, resolveSubmoduleUrl } from './submodule-url.ts';

/** A repository that is laid down and may have submodules. */
export interface Superproject {
  readonly laid: LaidCommit;
  readonly clone: Clone;
  readonly commit: string;
  /** Its path in the checkout, and that of its git folder. */
  readonly path: string;
  readonly gitPath: string;
  /** What relative addresses are relative to. */
  readonly base: string;
  /** Whether `base` may stand in an image; it may not where it is the folder of a clone without a remote. */
  readonly isPublic: boolean;
}

/** What holds for all submodules of a checkout. */
export interface SubmoduleContext extends Route {
  /** A temporary folder. */
  readonly folder: string;
  readonly lfs: LfsMode;
  /** Whether addresses may be folders of this machine. */
  readonly local: boolean;
  readonly tell: (line: string) => void;
  /** Milliseconds after which a fetch that has not ended is given up. */
  readonly fetchBoundMs: number;
  /** What was laid before and is not to be laid again. */
  readonly earlier: EarlierCheckout | undefined;
}

/**
 * One commit each, whatever the clone has: so the bytes do not depend on how it was made, and Gitpod did the same. More
 * can be fetched in the workspace (`git -C PATH fetch --unshallow`).
 */
const HISTORY_DEPTH = 1;

/** What to do where a submodule cannot be had. */
const ADVICE = {
  unreachable:
    'Run git submodule update --init --recursive before preheat, give SSH_KEY for addresses over SSH, ' +
    'or give --submodules none to leave all submodules empty.',
  gone: 'Push it there first, or give --submodules none to leave all submodules empty.',
};

/**
 * Lays down the submodules of a repository and theirs, as `git submodule update --init --recursive` leaves them: git
 * folders below `.git/modules`, HEAD detached at the gitlink's commit. Objects come from the clone where it has them,
 * else from the submodule's address. Throws a `PreheatError` that names the submodule that cannot be had or must not be
 * followed; a gitlink that `.gitmodules` does not describe stays an empty folder, which is told. What an earlier checkout
 * has as it is to be is neither fetched nor laid.
 */
export async function laySubmodules(
  parent: Superproject,
  context: SubmoduleContext,
  options: CallOptions,
): Promise<readonly CheckoutPart[]> {
  const { links } = parent.laid.index;
  if (links.length === 0) return [];
  const modules = await readGitmodules(parent.clone.place, parent.commit, {
    ...options,
    readers: parent.clone.readers,
  });
  const parts: CheckoutPart[] = [];
  const names = new Set<string>();
  for (const { path: raw, link: commit = '' } of links) {
    const path = Buffer.from(raw, 'latin1').toString('utf8');
    const module = modules.get(path);
    if (module?.url === undefined) {
      context.tell(
        `${below(parent, path)} stays empty: .gitmodules has no submodule with that path and a url`,
      );
      continue;
    }
    refuseNested(below(parent, path), module.name, names, parent.clone);
    parts.push(...(await laySubmodule(parent, { ...module, url: module.url, commit }, context, options)));
  }
  return parts;
}

type Submodule = Gitmodule & { readonly url: string; readonly commit: string };

async function laySubmodule(
  parent: Superproject,
  module: Submodule,
  context: SubmoduleContext,
  options: CallOptions,
): Promise<readonly CheckoutPart[]> {
  const path = below(parent, module.path);
  const url = addressOf(parent, module, context);
  const isPublic = parent.isPublic || !/^\.\.?\//.test(module.url);
  const remoteUrl = isPublic ? publicRemoteUrl(url) : undefined;
  await addSettings(parent.laid, [sectionOf(module, remoteUrl)]);
  if (module.update === 'none') return [];
  const gitPath = `${parent.gitPath}/modules/${module.name}`;
  const { commit } = module;
  const placed = { commit, remoteUrl, path: raw(path), gitPath: raw(gitPath) };
  if (context.earlier?.keeps(placed) === true) return [];
  try {
    const clone = await provideClone(parent, module, url, context, options);
    const difference = await context.earlier?.differenceTo({ ...placed, clone }, options);
    const more = difference === undefined ? {} : { difference };
    const request = {
      commit,
      ref: { kind: 'detached' },
      remoteUrl,
      historyDepth: HISTORY_DEPTH,
      worktree: posix.relative(gitPath, path),
      lfs: context.lfs,
      fetchBoundMs: context.fetchBoundMs,
      ...more,
    } as const;
    const laid = await layCommit(await newFolder(context), clone, request, options);
    const part = { ...placed, clone, laid, gitFile: gitFileOf(path, gitPath) };
    const child: Superproject = { laid, clone, commit, path, gitPath, base: url, isPublic };
    return [part, ...(await laySubmodules(child, context, options))];
  } catch (thrown) {
    throw inSubmodule(path, thrown);
  }
}

async function provideClone(
  parent: Superproject,
  module: Submodule,
  url: string,
  context: SubmoduleContext,
  options: CallOptions,
): Promise<Clone> {
  const found = await findSubmoduleClone(parent.clone, module, options);
  if (found !== undefined) return found;
  const { format, place } = parent.clone;
  const { fetchBoundMs: boundMs } = context;
  const fetch = async (way: Way): Promise<Clone> => {
    const wanted = { ...way, commit: module.commit, format, boundMs, advice: ADVICE };
    return await fetchCommit(await newFolder(context), wanted, place, options);
  };
  return await askRouted(url, context, fetch, options);
}

function addressOf(parent: Superproject, { path, url }: Submodule, { local }: SubmoduleContext): string {
  const address = resolved(parent, path, url);
  const fault = faultOfUrl(address, { local });
  if (fault !== undefined) throw refused(below(parent, path), fault, parent.clone);
  return address;
}

function resolved(parent: Superproject, path: string, url: string): string {
  try {
    return resolveSubmoduleUrl(url, parent.base);
  } catch (thrown) {
    throw refused(below(parent, path), `its address "${url}": ${messageOf(thrown)}`, parent.clone);
  }
}

/** Git folders within git folders: the hooks of one could be the files of another (git's `validate_submodule_git_dir`). */
function refuseNested(path: string, name: string, names: Set<string>, clone: Clone): void {
  for (const other of names) {
    if (`${name}/`.startsWith(`${other}/`) || other.startsWith(`${name}/`)) {
      throw refused(path, `its git folder "${name}" would lie in that of "${other}"`, clone);
    }
  }
  names.add(name);
}

/** What `git submodule init` writes. */
function sectionOf({ name, update }: Gitmodule, url: string | undefined): ConfigSection {
  const values = {
    active: 'true',
    ...(url === undefined ? {} : { url }),
    ...(update === undefined ? {} : { update }),
  };
  return { name: 'submodule', subsection: name, values };
}

async function newFolder({ folder }: SubmoduleContext): Promise<string> {
  return await mkdtemp(join(folder, 'submodule-'));
}

function gitFileOf(path: string, gitPath: string): string {
  return raw(`gitdir: ${posix.relative(path, gitPath)}\n`);
}

function below({ path: above }: Superproject, path: string): string {
  return above === '' ? path : `${above}/${path}`;
}

/** A path as entries have it: its bytes as latin1 text. */
function raw(path: string): string {
  return Buffer.from(path).toString('latin1');
}

const PREFIX = 'cannot lay down submodule ';

function inSubmodule(path: string, thrown: unknown): unknown {
  // A submodule further below has named itself.
  if (!(thrown instanceof PreheatError) || thrown.message.startsWith(PREFIX)) return thrown;
  const { phase, code, hint, retryable } = thrown;
  const more = hint === undefined ? {} : { hint };
  return new PreheatError(`${PREFIX}${path}: ${thrown.message}`, {
    phase,
    code,
    retryable,
    ...more,
    cause: thrown,
  });
}

function refused(path: string, why: string, { place: { phase } }: Clone): PreheatError {
  return new PreheatError(`${PREFIX}${path}: ${why}`, {
    phase,
    hint: 'Mend .gitmodules, or give --submodules none to leave all submodules empty.',
  });
}

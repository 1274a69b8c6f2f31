import type { Checkout, CheckoutRequest, SourceTree } from '../../build/source-tree.ts';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { temporaryFailure } from '../../kernel/temporary-failure.ts';
import { checkoutEntries, type CheckoutPart } from './checkout-entries.ts';
import { openClone, type Clone } from './clone.ts';
import { askGit, gitPlaceIn, type GitPlace } from './git-command.ts';
import { layCommit } from './lay-commit.ts';
import { laySubmodules } from './lay-submodules.ts';
import type { LfsMode } from './lfs.ts';
import { openSshAccess, type SshAccess, type SshOptions } from './ssh-access.ts';
import { isLocalUrl, localAddress } from './submodule-url.ts';
import { openTemporaryFolder, type OpenFolder } from './temporary-folder.ts';

/** What becomes of submodules. */
export type SubmoduleMode = 'recursive' | 'none';

export interface SourceTreeOptions {
  /** The git program; by default the one in PATH. */
  readonly git?: string;
  /** By default they are laid down recursively; with `none` each stays an empty folder. */
  readonly submodules?: SubmoduleMode;
  /** By default pointers. */
  readonly lfs?: LfsMode;
  readonly ssh?: SshOptions;
  /** Takes lines about what is laid down otherwise than one might think. */
  readonly tell?: (line: string) => void;
  /**
   * Milliseconds after which a fetch that has not ended is given up, of one submodule or of the Git LFS contents of one
   * repository; by default half an hour.
   */
  readonly fetchBoundMs?: number;
  /** Where what is needed on the way is put; by default below `TMPDIR`. */
  readonly openFolder?: OpenFolder;
  /** The step's proxy; submodules on the host of the repository itself are asked through it first. */
  readonly proxy?: string;
}

/** How long a fetch may take. */
export const FETCH_BOUND_MS = 30 * 60_000;

/**
 * Lays down commits of the clone in (or above) `directory`, which may be shallow and is not changed. The same request
 * gives the same entries and bytes, `.git` among them, from each clone that has the history and with each git of the
 * same version.
 */
export function openSourceTree(directory: string, options: SourceTreeOptions = {}): SourceTree {
  const { openFolder = openTemporaryFolder } = options;
  return {
    async layDown(request, { signal }) {
      const place = await gitPlaceIn(directory, 'build', options.git);
      await checkRequest(place, request, { signal });
      const clone = await openClone(place, { signal });
      await using stack = new AsyncDisposableStack();
      const { path } = stack.use(await openFolder('source'));
      const parts = await fill(path, clone, request, options, { signal }).catch((thrown: unknown) => {
        throw toTemporaryFailure(path, thrown);
      });
      const owned = stack.move();
      const checkout: Checkout = {
        entries: checkoutEntries(parts, signal),
        [Symbol.asyncDispose]: async () => await owned.disposeAsync(),
      };
      return checkout;
    },
  };
}

/** What a failed system call is told as; everything else stays as it is. */
function toTemporaryFailure(folder: string, thrown: unknown): unknown {
  const isSystemCall = thrown instanceof Error && 'syscall' in thrown;
  return isSystemCall ? temporaryFailure(folder, thrown, 'build') : thrown;
}

async function checkRequest(
  place: GitPlace,
  { commit, ref }: CheckoutRequest,
  { signal }: CallOptions,
): Promise<void> {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) {
    throw new PreheatError(`cannot lay down commit "${commit}": it is not a full object id`, {
      phase: 'build',
    });
  }
  if (ref.kind !== 'branch') return;
  const purpose = `lay down branch ${JSON.stringify(ref.name)}`;
  if (
    (await askGit(place, ['check-ref-format', `refs/heads/${ref.name}`], { signal, purpose })) === undefined
  ) {
    throw new PreheatError(`cannot ${purpose}: git allows no such name`, { phase: 'build' });
  }
}

/** Lays a commit and its submodules down in an empty folder. */
async function fill(
  folder: string,
  clone: Clone,
  request: CheckoutRequest,
  options: SourceTreeOptions,
  { signal }: CallOptions,
): Promise<readonly CheckoutPart[]> {
  const { submodules = 'recursive', lfs = 'pointers', ssh = {}, tell = () => {} } = options;
  const { fetchBoundMs = FETCH_BOUND_MS } = options;
  const laid = await layCommit(folder, clone, { ...request, lfs, fetchBoundMs }, { signal });
  const top: CheckoutPart = { laid, path: '', gitPath: '.git' };
  const { commit, remoteUrl } = request;
  const base = remoteUrl ?? (await originOf(clone, { signal }));
  const parent = { laid, clone, commit, path: '', gitPath: '.git', base, isPublic: remoteUrl !== undefined };
  await using access = lazySshAccess(ssh, tell);
  const proxied = proxiedHost(options, remoteUrl);
  const context = { folder, lfs, proxied, local: isLocalUrl(base), ssh: access.open, tell, fetchBoundMs };
  const below = submodules === 'none' ? [] : await laySubmodules(parent, context, { signal });
  const parts = [top, ...below];
  if (submodules === 'none') tellEmpty(top, tell);
  if (lfs === 'pointers') tellPointers(parts, tell);
  return parts;
}

function proxiedHost({ proxy }: SourceTreeOptions, remoteUrl: string | undefined) {
  const host = URL.parse(remoteUrl ?? '')?.host;
  return proxy === undefined || host === undefined ? undefined : { proxy, host };
}

/**
 * What relative addresses of submodules are relative to where the push names no remote: the clone's own, such as a
 * folder of this machine, else the clone (https://git-scm.com/docs/git-submodule, "add").
 */
async function originOf({ place }: Clone, { signal }: CallOptions): Promise<string> {
  const top = place.trusted ?? place.directory;
  const call = { signal, purpose: 'read the remote of the clone' };
  const origin = await askGit(place, ['config', '--get', 'remote.origin.url'], call);
  const url = origin?.toString('utf8').replace(/\n$/, '') ?? '';
  if (url === '') return top;
  return isLocalUrl(url) ? localAddress(url, top) : url;
}

function tellEmpty({ laid }: CheckoutPart, tell: (line: string) => void): void {
  const count = laid.index.filter(({ link }) => link !== undefined).length;
  if (count > 0) tell(`${count} submodule${count === 1 ? ' stays' : 's stay'} empty (--submodules none)`);
}

function tellPointers(parts: readonly CheckoutPart[], tell: (line: string) => void): void {
  const count = parts.reduce((sum, { laid }) => sum + laid.lfsFiles, 0);
  if (count === 0) return;
  const files = count === 1 ? '1 Git LFS file is' : `${count} Git LFS files are`;
  tell(`${files} laid down as pointers (--lfs contents lays down their contents)`);
}

/** Opened by the first submodule that is fetched over SSH, which says so where hosts are believed unseen. */
function lazySshAccess(options: SshOptions, tell: (line: string) => void) {
  let access: Promise<SshAccess> | undefined;
  return {
    open: async (): Promise<SshAccess> => {
      const isFirst = access === undefined;
      access ??= openSshAccess(options);
      const opened = await access;
      if (isFirst && opened.trustsFirst)
        tell(
          'the SSH servers of submodules are believed to be who they say (SSH_KNOWN_HOSTS would name their keys)',
        );
      return opened;
    },
    async [Symbol.asyncDispose]() {
      // One that could not be opened has failed where it was asked for.
      const opened = await access?.catch(() => undefined);
      await opened?.[Symbol.asyncDispose]();
    },
  };
}

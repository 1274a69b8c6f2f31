import type { CheckoutRequest } from '../../build/source-tree.ts';
import { PreheatError } from '../../kernel/failure.ts';
import { isRefName } from '../../kernel/ref-name.ts';
import { temporaryFailure } from '../../kernel/temporary-failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { CheckoutPart } from './checkout-entries.ts';
import { openClone, type Clone } from './clone.ts';
import type { EarlierCheckout } from './earlier-checkout.ts';
import { cloneOrigin } from './clone-origin.ts';
import { gitPlaceIn } from './git-command.ts';
import { settingSections } from './git-settings.ts';
import { addSettings, layCommit } from './lay-commit.ts';
import { laySubmodules, type SubmoduleContext } from './lay-submodules.ts';
import { FETCH_BOUND_MS, layingMode, type SourceTreeOptions } from './laying-options.ts';
import { lazySshAccess } from './lazy-ssh-access.ts';
import { isLocalUrl } from './submodule-url.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

/** A checkout in parts, in a temporary folder that goes away with it. */
export interface LaidCheckoutParts extends AsyncDisposable {
  /** The repository itself, then its submodules. */
  readonly parts: readonly CheckoutPart[];
}

/**
 * Lays a commit and its submodules down in a temporary folder; with an earlier checkout, only what is not in that already.
 */
export async function layCheckout(
  directory: string,
  request: CheckoutRequest,
  options: SourceTreeOptions,
  { signal }: CallOptions,
  earlier?: EarlierCheckout,
): Promise<LaidCheckoutParts> {
  const place = await gitPlaceIn(directory, 'build', options.git);
  checkRequest(request);
  const clone = await openClone(place, { signal, readers: options.readers });
  await using stack = new AsyncDisposableStack();
  const { openFolder = openTemporaryFolder } = options;
  const { path } = stack.use(await openFolder('source'));
  const parts = await fill(path, clone, request, { ...options, earlier }, { signal }).catch(
    (thrown: unknown) => {
      throw toTemporaryFailure(path, thrown);
    },
  );
  const owned = stack.move();
  return { parts, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}

/** What a failed system call is told as; everything else stays as it is. */
function toTemporaryFailure(folder: string, thrown: unknown): unknown {
  const isSystemCall = thrown instanceof Error && 'syscall' in thrown;
  return isSystemCall ? temporaryFailure(folder, thrown, 'build') : thrown;
}

function checkRequest({ commit, ref }: CheckoutRequest): void {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) {
    throw new PreheatError(`cannot lay down commit "${commit}": it is not a full object id`, {
      phase: 'build',
    });
  }
  if (ref.kind === 'branch' && !isRefName(ref.name)) {
    const branch = JSON.stringify(ref.name);
    throw new PreheatError(`cannot lay down branch ${branch}: git allows no such name`, { phase: 'build' });
  }
}

interface FillOptions extends SourceTreeOptions {
  readonly earlier: EarlierCheckout | undefined;
}

/** Lays a commit and its submodules down in an empty folder. */
async function fill(
  folder: string,
  clone: Clone,
  request: CheckoutRequest,
  options: FillOptions,
  { signal }: CallOptions,
): Promise<readonly CheckoutPart[]> {
  const { tell = () => {}, fetchBoundMs = FETCH_BOUND_MS, earlier } = options;
  const { submodules, lfs } = layingMode(options);
  const { commit, remoteUrl } = request;
  const placed = { clone, commit, remoteUrl, path: '', gitPath: '.git' };
  const difference = await earlier?.differenceTo(placed, { signal });
  const more = difference === undefined ? {} : { difference };
  const laid = await layCommit(folder, clone, { ...request, lfs, fetchBoundMs, ...more }, { signal });
  const top: CheckoutPart = { ...placed, laid };
  const below =
    submodules === 'none' ? [] : await layBelow(top, { folder, lfs, fetchBoundMs }, options, { signal });
  const parts = [top, ...below];
  if (request.gitConfig !== undefined) await addSettings(laid, settingSections(request.gitConfig));
  if (submodules === 'none') tellEmpty(top, tell);
  if (lfs === 'pointers') tellPointers(parts, tell);
  return parts;
}

/** Lays the submodules of a commit; where it has none, nobody needs to know what their addresses are relative to. */
async function layBelow(
  top: CheckoutPart,
  known: Pick<SubmoduleContext, 'folder' | 'lfs' | 'fetchBoundMs'>,
  options: FillOptions,
  { signal }: CallOptions,
): Promise<readonly CheckoutPart[]> {
  if (top.laid.index.links.length === 0) return [];
  const { ssh = {}, tell = () => {}, earlier } = options;
  const { clone, remoteUrl } = top;
  const base = remoteUrl ?? (await cloneOrigin(clone, { signal }));
  await using access = lazySshAccess(ssh, tell);
  const proxied = proxiedHost(options, remoteUrl);
  const local = isLocalUrl(base);
  const context = { ...known, proxied, local, ssh: access.open, tell, earlier };
  return await laySubmodules({ ...top, base, isPublic: remoteUrl !== undefined }, context, { signal });
}

function proxiedHost({ proxy }: SourceTreeOptions, remoteUrl: string | undefined) {
  const host = URL.parse(remoteUrl ?? '')?.host;
  return proxy === undefined || host === undefined ? undefined : { proxy, host };
}

function tellEmpty({ laid }: CheckoutPart, tell: (line: string) => void): void {
  const count = laid.index.links.length;
  if (count > 0) tell(`${count} submodule${count === 1 ? ' stays' : 's stay'} empty (--submodules none)`);
}

function tellPointers(parts: readonly CheckoutPart[], tell: (line: string) => void): void {
  const count = parts.reduce((sum, { laid }) => sum + laid.lfsFiles, 0);
  if (count === 0) return;
  const files = count === 1 ? '1 Git LFS file is' : `${count} Git LFS files are`;
  tell(`${files} laid down as pointers (--lfs contents lays down their contents)`);
}

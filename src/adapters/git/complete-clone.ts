import type { CheckoutRequest } from '../../build/source-tree.ts';
import { messageOf, PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { enoughIn, findClone, hasPromises } from './clone-gaps.ts';
import { cutOf } from './clone-history.ts';
import type { Clone } from './clone.ts';
import { askGit } from './git-command.ts';
import { fetchMissingObjects } from './missing-objects.ts';
import { fetchFrom, hintOf, shownUrl, type Origin, type OriginAccess } from './origin.ts';
import { isLocalUrl, localAddress } from './submodule-url.ts';
import { layOverlay, type Borrowed } from './overlay.ts';
import { lookFor, reachCommit, type ReachedCommit, type WantedHistory } from './reach-commit.ts';
import { FETCH_BOUND_MS } from './laying-options.ts';
import type { ObjectReaders } from './object-readers.ts';
import { openTemporaryFolder, type OpenFolder } from './temporary-folder.ts';

/** Which commit is to be had from which clone. */
export interface CompletionRequest extends Pick<CheckoutRequest, 'ref' | 'historyDepth'> {
  /** The top folder of a clone, or the folder in which none was made. */
  readonly directory: string;
  /** 7 to 40 digits. */
  readonly commit: string;
  readonly origin: Origin;
}

export interface CompletionOptions {
  /** The git program; by default the one in PATH. */
  readonly git?: string;
  /** Where the overlay is put; by default below `TMPDIR`. */
  readonly openFolder?: OpenFolder;
  /** Takes a line about what is fetched. */
  readonly tell?: (line: string) => void;
  /** Takes a line about history that is not to be had. */
  readonly warn?: (line: string) => void;
  /** What reads objects and goes on running; by default git is started for each part. */
  readonly readers?: ObjectReaders;
  /** Milliseconds after which a fetch is given up; by default half an hour. */
  readonly boundMs?: number;
}

/** A repository that has a commit with all its files; it is to be read before it is disposed of. */
export interface CompleteClone extends AsyncDisposable {
  /** Where git reads it. */
  readonly directory: string;
  /** Full id; as it was given where neither the clone nor an origin has it. */
  readonly commit: string;
}

/**
 * Finds a repository that has a commit, its files and `historyDepth` commits of its history: the clone itself, or an
 * overlay of it, in a temporary folder, for what it lacks. The clone is never changed. A clone that is only shallow is
 * made deeper through a step's proxy alone: who runs this on a shallow clone of their own expects no call to a server.
 * Missing history that is not to be had is warned of; a missing commit or missing contents throw a `PreheatError` of
 * phase `observe`.
 */
export async function completeClone(
  request: CompletionRequest,
  options: CompletionOptions,
  { signal }: CallOptions,
): Promise<CompleteClone> {
  const { directory } = request;
  const clone = await findClone(directory, options.git, { signal, readers: options.readers });
  const isPartial = clone !== undefined && (await hasPromises(clone));
  const there =
    clone && !isPartial
      ? await enoughIn(clone, { ...request, deepens: request.origin.kind === 'proxied' }, { signal })
      : undefined;
  if (there !== undefined) return { directory, commit: there, [Symbol.asyncDispose]: nothing };
  const access = await accessTo(request, clone, options, { signal });
  if (access === undefined) {
    if (clone === undefined) throw noClone(request);
    return { directory, commit: request.commit, [Symbol.asyncDispose]: nothing };
  }
  await using stack = new AsyncDisposableStack();
  const context: Context = { request, options, access, clone, stack, signal };
  const found = isPartial ? await completeContents(context) : await completeHistory(context, 'objects');
  const owned = stack.move();
  return { ...found, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
}

interface Context extends CallOptions {
  readonly request: CompletionRequest;
  readonly options: CompletionOptions;
  readonly access: OriginAccess;
  readonly clone: Clone | undefined;
  /** Owns the overlays. */
  readonly stack: AsyncDisposableStack;
}

type Found = Pick<CompleteClone, 'directory' | 'commit'>;

/** How the origin is asked; `undefined` where there is none. */
async function accessTo(
  { origin }: CompletionRequest,
  clone: Clone | undefined,
  { boundMs = FETCH_BOUND_MS }: CompletionOptions,
  { signal }: CallOptions,
): Promise<OriginAccess | undefined> {
  const url = origin.kind === 'own' && clone !== undefined ? await ownUrl(clone, { signal }) : origin.url;
  if (url === undefined) return undefined;
  const top = clone?.place.trusted;
  const localOrigin = top !== undefined && isLocalUrl(url) ? localAddress(url, top) : undefined;
  return { origin, url, localOrigin, configuration: clone?.configuration, boundMs };
}

async function ownUrl({ place }: Clone, { signal }: CallOptions): Promise<string | undefined> {
  const call = { signal, purpose: 'read the remote of the clone' };
  return (await askGit(place, ['config', '--get', 'remote.origin.url'], call))?.toString('utf8').trimEnd();
}

async function completeHistory(context: Context, borrowed: Borrowed): Promise<Found> {
  const overlay = await newOverlay(context, borrowed);
  const wanted = wantedOf(context, overlay, borrowed, false);
  const { commit } = await reach(overlay, wanted, context);
  return { directory: overlay.place.directory, commit };
}

/** Fills a partial clone; where its origin gives no single objects, the commit is fetched afresh. */
async function completeContents(context: Context): Promise<Found> {
  const { request, access, signal, options } = context;
  const overlay = await newOverlay(context, 'objects');
  const reached = await reach(overlay, wantedOf(context, overlay, 'objects', true), context);
  const { historyDepth } = request;
  const { commit } = reached;
  const cut = await cutOf(reached.overlay, { commit, historyDepth }, { signal });
  const fetch = fetchFrom(overlay.place, access);
  const { tell = () => {} } = options;
  if (await fetchMissingObjects(overlay.place, { commit, cut }, fetch, { signal, tell }))
    return { directory: overlay.place.directory, commit };
  return await completeHistory(context, 'nothing');
}

async function newOverlay(context: Context, borrowed: Borrowed): Promise<Clone> {
  const { options, clone, stack, access, signal } = context;
  const { openFolder = openTemporaryFolder, git: program = 'git' } = options;
  const { path } = stack.use(await openFolder('overlay'));
  return await layOverlay(path, clone, borrowed, {
    program,
    phase: 'observe',
    localOrigin: access.localOrigin,
    signal,
  });
}

function wantedOf(
  { request: { commit, ref, historyDepth, origin }, clone }: Context,
  overlay: Clone,
  borrowed: Borrowed,
  isPartial: boolean,
): WantedHistory {
  const isWhole = clone !== undefined && borrowed === 'objects' && overlay.ends.size === 0;
  return { commit, ref, historyDepth, isPartial, isWhole, deepens: origin.kind === 'proxied' };
}

/** Reaches a commit in an overlay, if need be with less history than was asked for. */
async function reach(
  overlay: Clone,
  wanted: WantedHistory,
  { access, options, signal }: Context,
): Promise<ReachedCommit & { readonly commit: string }> {
  const { tell = () => {}, warn = () => {} } = options;
  const before = await lookFor(overlay, wanted, { signal });
  if (before.commit !== undefined && !before.isEarly) return { ...before, commit: before.commit };
  tell(`fetching ${before.commit === undefined ? 'the commit' : 'more history'} from ${shownUrl(access)}`);
  let why = 'the server gives no more of it';
  const fetch = fetchFrom(overlay.place, access);
  const reached = await reachCommit(before, wanted, fetch, { signal }).catch(async (thrown: unknown) => {
    signal.throwIfAborted();
    if (before.commit === undefined) throw thrown;
    why = messageOf(thrown);
    // A fetch that failed may have come further than the look before it.
    return await lookFor(overlay, wanted, { signal });
  });
  const { commit } = reached;
  if (commit === undefined) throw notThere(wanted, access);
  if (reached.isEarly) warn(`the history ends earlier than --history-depth ${wanted.historyDepth}: ${why}`);
  return { ...reached, commit };
}

function notThere({ commit }: WantedHistory, access: OriginAccess): PreheatError {
  return new PreheatError(`cannot find commit ${commit}: neither the clone nor ${shownUrl(access)} has it`, {
    phase: 'observe',
    code: 'not-found',
    hint: hintOf(access),
  });
}

function noClone({ commit, directory }: CompletionRequest): PreheatError {
  return new PreheatError(`cannot find commit ${commit}: there is no clone in ${directory}`, {
    phase: 'observe',
    code: 'not-found',
    hint: 'Write clone: { enabled: true } into bitbucket-pipelines.yml.',
  });
}

async function nothing(): Promise<void> {
  await Promise.resolve();
}

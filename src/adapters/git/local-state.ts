import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { both } from '../../kernel/both.ts';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { cloneLayoutAnd, isPart, PART, wayUp, type CloneLayout } from './clone-layout.ts';
import { askGit, gitPlaceIn, type GitPlace } from './git-command.ts';
import { publicRemoteUrl, repositoryNameOf } from './remote-url.ts';

const ORIGIN_HEAD = 'refs/remotes/origin/HEAD';
const ORIGIN_PREFIX = /^refs\/remotes\/origin\//;

/** What a clone says of itself, for runs outside Pipelines. */
export interface LocalState {
  /** Full object id of HEAD. */
  readonly commit: string;
  /** The branch that is checked out; `undefined` when HEAD is detached. */
  readonly branch: string | undefined;
  /** The URL of `origin`, without credentials. */
  readonly remoteUrl: string | undefined;
  readonly defaultBranch: string;
  /** The last part of the remote's path, without `.git`; without a remote, the name of the clone's folder. */
  readonly name: string;
  /** Whom git has as the author of commits, where it is told. */
  readonly userName?: string;
  readonly userEmail?: string;
}

/**
 * Reads the state of the clone in (or above) `directory`.
 * Throws a `PreheatError` of phase `event` where there is no clone or no commit.
 */
export async function readLocalState(
  directory: string,
  { signal, git }: CallOptions & { readonly git?: string },
): Promise<LocalState> {
  const place = await gitPlaceIn(directory, 'event', git);
  const ask = async (...args: readonly string[]): Promise<string | undefined> =>
    (await askGit(place, args, { signal, purpose: 'read the state of the clone' }))
      ?.toString('utf8')
      .trimEnd();
  const [{ layout, refs }, settings] = await both(readRefs(place, { signal }), readSettings(ask));
  const { commit } = refs;
  if (commit === undefined) throw noCommit(directory);
  // Git does not say it where a tag or branch is called HEAD too.
  const branch = branchOf(refs.head ?? (await ask('symbolic-ref', '--quiet', 'HEAD')));
  const url = settings.get('remote.origin.url');
  const ofOrigin = refs.originHead ?? (url === undefined ? undefined : await goneOriginHead(ask));
  const remoteUrl = url === undefined ? undefined : publicRemoteUrl(url);
  return {
    commit,
    branch,
    remoteUrl,
    defaultBranch: ofOrigin?.replace(ORIGIN_PREFIX, '') ?? refs.usual ?? branch ?? 'main',
    name: remoteUrl === undefined ? basename(await topOf(place, layout)) : repositoryNameOf(remoteUrl),
    ...authorIn(settings),
  };
}

function authorIn(settings: ReadonlyMap<string, string>): Pick<LocalState, 'userName' | 'userEmail'> {
  const [userName, userEmail] = [settings.get('user.name'), settings.get('user.email')];
  return { ...(userName !== undefined && { userName }), ...(userEmail !== undefined && { userEmail }) };
}

/** What `origin/HEAD` leads to where that branch has gone, which is in no list of refs. */
async function goneOriginHead(ask: Ask): Promise<string | undefined> {
  return await ask('symbolic-ref', '--quiet', ORIGIN_HEAD);
}

/**
 * The branch that the clone's `origin` has for its default one, as far as the clone knows (`git clone` asks, `git fetch`
 * does not); `undefined` where there is no clone either.
 */
export async function readOriginHead(
  directory: string,
  { signal, git }: CallOptions & { readonly git?: string },
): Promise<string | undefined> {
  const call = { signal, purpose: 'read the default branch of origin' };
  try {
    const place = await gitPlaceIn(directory, 'event', git);
    const head = await askGit(place, ['symbolic-ref', '--quiet', ORIGIN_HEAD], call);
    return head?.toString('utf8').trimEnd().replace(ORIGIN_PREFIX, '');
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof PreheatError) return undefined;
    throw thrown;
  }
}

/** The clone's top folder; of a bare repository, the folder itself. */
async function topOf({ directory }: GitPlace, layout: CloneLayout): Promise<string> {
  return await realpath(`${directory}/${wayUp(layout)}`);
}

type Ask = (...args: readonly string[]) => Promise<string | undefined>;

/** What the refs of a clone say. */
interface Refs {
  /** `undefined` where HEAD has no commit. */
  readonly commit: string | undefined;
  /** The full name of what HEAD means, `HEAD` where that is a commit; `undefined` where git cannot say. */
  readonly head: string | undefined;
  /** The ref of the origin's default branch, where the clone has it. */
  readonly originHead: string | undefined;
  /** `main` or `master`, where there is such a branch, here or at the remote. */
  readonly usual: string | undefined;
}

const USUAL = [
  'refs/heads/main',
  'refs/remotes/origin/main',
  'refs/heads/master',
  'refs/remotes/origin/master',
];

/**
 * Patterns, since git takes a plain name for all refs below it. The last one finds more than {@link USUAL}, in one pass
 * over all refs.
 */
const QUESTIONS = [
  '--revs-only',
  'HEAD^{commit}',
  PART,
  '--symbolic-full-name',
  'HEAD',
  PART,
  '--glob=refs/remotes/origin/HEA[D]',
  PART,
  // The names of the refs themselves, wherever they lead.
  '--symbolic',
  '--glob=refs/*/ma[is]*[nr]',
];

/** Reads refs with the layout of the clone, from one start of git. */
async function readRefs(
  place: GitPlace,
  { signal }: CallOptions,
): Promise<{ readonly layout: CloneLayout; readonly refs: Refs }> {
  try {
    const { layout, more } = await cloneLayoutAnd(place, QUESTIONS, { signal });
    const [[commit] = [], [head] = [], [originHead] = [], found = []] = partsOf(more);
    // It may be a plain ref, which leads nowhere.
    const leads = originHead === ORIGIN_HEAD ? undefined : originHead;
    const usual = USUAL.find((ref) => found.includes(ref))?.replace(/^.*\//, '');
    return { layout, refs: { commit, head, originHead: leads, usual } };
  } catch (thrown) {
    if (!(thrown instanceof PreheatError) || thrown.hint !== undefined) throw thrown;
    const hint = 'Run preheat inside a clone of the repository.';
    throw new PreheatError(thrown.message, { phase: 'event', cause: thrown, hint });
  }
}

/** The lines of each part. */
function partsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const line of lines)
    if (isPart(line)) parts.push([]);
    else parts.at(-1)?.push(line);
  return parts;
}

function branchOf(head: string | undefined): string | undefined {
  return head?.startsWith('refs/') ? head.replace(/^refs\/heads\//, '') : undefined;
}

/** `<name>\n<value>\0` for each; of several values the last one holds. */
async function readSettings(ask: Ask): Promise<ReadonlyMap<string, string>> {
  const told = await ask(
    'config',
    '-z',
    '--get-regexp',
    String.raw`^(remote\.origin\.url|user\.(name|email))$`,
  );
  const settings = (told ?? '').split('\0').filter((setting) => setting.includes('\n'));
  return new Map(
    settings.map((setting) => {
      const end = setting.indexOf('\n');
      return [setting.slice(0, end), setting.slice(end + 1)];
    }),
  );
}

function noCommit(directory: string): PreheatError {
  return new PreheatError(`cannot read the commit to build: the clone in ${directory} has no commit yet`, {
    phase: 'event',
    hint: 'Commit something first.',
  });
}

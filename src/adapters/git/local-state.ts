import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { cloneLayout, wayUp } from './clone-layout.ts';
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
  const top = await topOf(place, { signal });
  const [head, branches, settings] = await Promise.all([readHead(ask), readBranches(ask), readSettings(ask)]);
  if (head === undefined) throw noCommit(directory);
  const { commit, branch } = head;
  const url = settings.get('remote.origin.url');
  // One that leads to a branch that has gone is in no list.
  const ofOrigin =
    branches.originHead ??
    (url === undefined ? undefined : await ask('symbolic-ref', '--quiet', ORIGIN_HEAD));
  const remoteUrl = url === undefined ? undefined : publicRemoteUrl(url);
  const [userName, userEmail] = [settings.get('user.name'), settings.get('user.email')];
  return {
    commit,
    branch,
    remoteUrl,
    defaultBranch: ofOrigin?.replace(ORIGIN_PREFIX, '') ?? branches.usual ?? branch ?? 'main',
    name: remoteUrl === undefined ? basename(top) : repositoryNameOf(remoteUrl),
    ...(userName !== undefined && { userName }),
    ...(userEmail !== undefined && { userEmail }),
  };
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
async function topOf(place: GitPlace, { signal }: CallOptions): Promise<string> {
  try {
    const upwards = wayUp(await cloneLayout(place, { signal }));
    return await realpath(`${place.directory}/${upwards}`);
  } catch (thrown) {
    if (!(thrown instanceof PreheatError) || thrown.hint !== undefined) throw thrown;
    const hint = 'Run preheat inside a clone of the repository.';
    throw new PreheatError(thrown.message, { phase: 'event', cause: thrown, hint });
  }
}

type Ask = (...args: readonly string[]) => Promise<string | undefined>;

/** The commit and branch of HEAD; `undefined` where it has no commit. */
async function readHead(ask: Ask): Promise<Pick<LocalState, 'commit' | 'branch'> | undefined> {
  const told = await ask('rev-parse', '--revs-only', 'HEAD^{commit}', '--symbolic-full-name', 'HEAD');
  const [commit, fullName] = told?.split('\n') ?? [];
  if (!commit) return undefined;
  // Git does not say it where a tag or branch is called HEAD too.
  const name = fullName ?? (await ask('symbolic-ref', '--quiet', 'HEAD'));
  const branch = name?.startsWith('refs/') ? name.replace(/^refs\/heads\//, '') : undefined;
  return { commit, branch };
}

interface Branches {
  /** The ref of the origin's default branch, where the clone has it. */
  readonly originHead: string | undefined;
  /** `main` or `master`, where there is such a branch, here or at the remote. */
  readonly usual: string | undefined;
}

async function readBranches(ask: Ask): Promise<Branches> {
  const refs = [
    'refs/heads/main',
    'refs/remotes/origin/main',
    'refs/heads/master',
    'refs/remotes/origin/master',
  ];
  // A name means all refs below it too.
  const told = await ask('for-each-ref', '--format=%(refname) %(symref)', ORIGIN_HEAD, ...refs);
  const found = new Map(told?.split('\n').map((line) => [line.split(' ')[0], line.split(' ')[1]]));
  const usual = refs.find((ref) => found.has(ref))?.replace(/^.*\//, '');
  // It may be a plain ref, which leads nowhere.
  return { originHead: found.get(ORIGIN_HEAD) || undefined, usual };
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

import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
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
  const [commit, head, originHead, usual, settings] = await Promise.all([
    ask('rev-parse', '--verify', '--quiet', 'HEAD^{commit}'),
    ask('symbolic-ref', '--quiet', 'HEAD'),
    ask('symbolic-ref', '--quiet', ORIGIN_HEAD),
    usualBranch(ask),
    readSettings(ask),
  ]);
  if (commit === undefined) throw noCommit(directory);
  const branch = head?.replace(/^refs\/heads\//, '');
  const url = settings.get('remote.origin.url');
  const remoteUrl = url === undefined ? undefined : publicRemoteUrl(url);
  const [userName, userEmail] = [settings.get('user.name'), settings.get('user.email')];
  return {
    commit,
    branch,
    remoteUrl,
    defaultBranch: originHead?.replace(ORIGIN_PREFIX, '') ?? usual ?? branch ?? 'main',
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
  const purpose = `read a git repository in ${place.directory}`;
  try {
    const folder = await askGit(place, ['rev-parse', '--show-cdup'], { signal, purpose });
    const upwards = folder?.toString('utf8').trimEnd() ?? '';
    return await realpath(`${place.directory}/${upwards}`);
  } catch (thrown) {
    if (!(thrown instanceof PreheatError) || thrown.hint !== undefined) throw thrown;
    const hint = 'Run preheat inside a clone of the repository.';
    throw new PreheatError(thrown.message, { phase: 'event', cause: thrown, hint });
  }
}

type Ask = (...args: readonly string[]) => Promise<string | undefined>;

/** `main` or `master`, where there is such a branch, here or at the remote. */
async function usualBranch(ask: Ask): Promise<string | undefined> {
  const refs = [
    'refs/heads/main',
    'refs/remotes/origin/main',
    'refs/heads/master',
    'refs/remotes/origin/master',
  ];
  // A name means all refs below it too.
  const found = new Set((await ask('for-each-ref', '--format=%(refname)', ...refs))?.split('\n'));
  return refs.find((ref) => found.has(ref))?.replace(/^.*\//, '');
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

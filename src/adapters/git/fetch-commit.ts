import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { openClone, type Clone } from './clone.ts';
import { fetchInto, type FetchCall } from './fetch-call.ts';
import { askGit, runGit, type GitCall, type GitPlace } from './git-command.ts';
import type { ObjectFormat } from './index-file.ts';
import { publicRemoteUrl } from './remote-url.ts';
import type { Way } from './routed-fetch.ts';
import { proxyEnvironment, proxySettings } from './step-proxy.ts';

/** What is fetched, and how. */
export interface WantedCommit extends Way {
  readonly commit: string;
  readonly format: ObjectFormat;
  /** Milliseconds after which a fetch that has not ended is given up. */
  readonly boundMs: number;
  readonly advice: FetchAdvice;
}

/** What the reader can do where a repository can't be asked, and where it does not have the commit. */
export interface FetchAdvice {
  readonly unreachable: string;
  readonly gone: string;
}

const PROTOCOLS = 'https:http:ssh:git:file';

/**
 * Fetches one commit without its history into a repository of its own in `folder`, which is empty: by its id, else, from
 * a server that only gives what its branches and tags name, with these. Throws a `PreheatError` where it is not there.
 */
export async function fetchCommit(
  folder: string,
  wanted: WantedCommit,
  { phase, program }: Pick<GitPlace, 'phase' | 'program'>,
  { signal }: CallOptions,
): Promise<Clone> {
  const { url, commit, format, boundMs, advice } = wanted;
  const { place, settings } = placeFor(folder, wanted, { phase, program });
  const purpose = `fetch commit ${commit.slice(0, 12)} from ${publicRemoteUrl(url)}`;
  const hintFor = hintsOf(advice);
  const call: FetchCall = { signal, purpose, url, boundMs, hintFor, settings };
  await initialise(place, format, call);
  const isOffered = await fetchInto(place, ['--depth=1', '--end-of-options', url, commit], call);
  if (!isOffered) {
    const everything = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
    await fetchInto(place, ['--end-of-options', url, ...everything], call);
  }
  if (!isOffered && !(await hasCommit(place, commit, call))) {
    throw new PreheatError(`cannot ${purpose}: it is not there any more, or never was`, {
      phase,
      code: 'not-found',
      hint: advice.gone,
    });
  }
  return await openClone(place, { signal });
}

async function hasCommit(place: GitPlace, commit: string, call: GitCall): Promise<boolean> {
  return (
    (await askGit(place, ['rev-parse', '--verify', '--quiet', `${commit}^{commit}`], call)) !== undefined
  );
}

/** Where git runs that asks another repository, and with which settings. */
export function placeFor(
  folder: string,
  { sshCommand, proxy }: Pick<Way, 'sshCommand' | 'proxy'>,
  { phase, program }: Pick<GitPlace, 'phase' | 'program'>,
): { readonly place: GitPlace; readonly settings: readonly string[] } {
  const environment = {
    GIT_DIR: folder,
    GIT_ALLOW_PROTOCOL: PROTOCOLS,
    GIT_SSH_COMMAND: sshCommand,
    ...(proxy === undefined ? {} : proxyEnvironment(folder)),
  };
  const place = { program, phase, directory: folder, environment };
  return { place, settings: proxy === undefined ? [] : proxySettings(proxy) };
}

/** Makes an empty repository, so that git looks for none above the folder in which it runs. */
export async function initialise(place: GitPlace, format: ObjectFormat, call: GitCall): Promise<void> {
  await runGit(place, ['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, '.'], call);
}

/** Hints from what git said. */
export function hintsOf({ unreachable }: FetchAdvice): (why: string) => string {
  return (why) => {
    if (/host key/i.test(why))
      return 'Give the server’s lines of known_hosts as SSH_KNOWN_HOSTS (ssh-keyscan HOST).';
    if (/permission denied/i.test(why)) return 'Give a private key that may read it as SSH_KEY (in base64).';
    return unreachable;
  };
}

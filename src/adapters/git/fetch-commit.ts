import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { openClone, type Clone } from './clone.ts';
import { fetchInto, type FetchCall } from './fetch-call.ts';
import { askGit, runGit, type GitCall, type GitPlace } from './git-command.ts';
import type { ObjectFormat } from './index-file.ts';
import { publicRemoteUrl } from './remote-url.ts';
import { proxyEnvironment, proxySettings } from './step-proxy.ts';

/** What is fetched, and how. */
export interface WantedCommit {
  readonly url: string;
  readonly commit: string;
  readonly format: ObjectFormat;
  /** For `GIT_SSH_COMMAND`. */
  readonly sshCommand: string;
  /** The step's proxy, where `url` is asked through it. */
  readonly proxy?: string | undefined;
  /** Milliseconds after which a fetch that has not ended is given up. */
  readonly boundMs: number;
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
  const { url, commit, format, sshCommand, boundMs, proxy } = wanted;
  const place: GitPlace = {
    program,
    phase,
    directory: folder,
    environment: {
      GIT_DIR: folder,
      GIT_ALLOW_PROTOCOL: PROTOCOLS,
      GIT_SSH_COMMAND: sshCommand,
      ...(proxy === undefined ? {} : proxyEnvironment(folder)),
    },
  };
  const purpose = `fetch commit ${commit.slice(0, 12)} from ${publicRemoteUrl(url)}`;
  const settings = proxy === undefined ? [] : proxySettings(proxy);
  const call: FetchCall = { signal, purpose, url, boundMs, hintFor, settings };
  await runGit(place, ['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, '.'], call);
  const isOffered = await fetchInto(place, ['--depth=1', '--end-of-options', url, commit], call);
  if (!isOffered) {
    const everything = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
    await fetchInto(place, ['--end-of-options', url, ...everything], call);
  }
  if (!isOffered && !(await hasCommit(place, commit, call))) {
    throw new PreheatError(`cannot ${purpose}: it is not there any more, or never was`, {
      phase,
      code: 'not-found',
      hint: 'Push it there first, or give --submodules none to leave all submodules empty.',
    });
  }
  return await openClone(place, { signal });
}

async function hasCommit(place: GitPlace, commit: string, call: GitCall): Promise<boolean> {
  return (
    (await askGit(place, ['rev-parse', '--verify', '--quiet', `${commit}^{commit}`], call)) !== undefined
  );
}

function hintFor(why: string): string {
  if (/host key/i.test(why))
    return 'Give the server’s lines of known_hosts as SSH_KNOWN_HOSTS (ssh-keyscan HOST).';
  if (/permission denied/i.test(why)) return 'Give a private key that may read it as SSH_KEY (in base64).';
  return (
    'Run git submodule update --init --recursive before preheat, give SSH_KEY for addresses over SSH, ' +
    'or give --submodules none to leave all submodules empty.'
  );
}

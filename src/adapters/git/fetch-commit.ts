import { withDeadline } from '../../kernel/deadline.ts';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { openClone, type Clone } from './clone.ts';
import { askGit, runGit, saidBy, type GitCall, type GitPlace } from './git-command.ts';
import type { ObjectFormat } from './index-file.ts';
import { publicRemoteUrl, withoutPasswords } from './remote-url.ts';

/** What is fetched, and how. */
export interface WantedCommit {
  readonly url: string;
  readonly commit: string;
  readonly format: ObjectFormat;
  /** For `GIT_SSH_COMMAND`. */
  readonly sshCommand: string;
  /** Milliseconds after which a fetch that has not ended is given up. */
  readonly boundMs: number;
}

const PROTOCOLS = 'https:http:ssh:git:file';
const SLOW = ['-c', 'http.lowSpeedLimit=1000', '-c', 'http.lowSpeedTime=60'];
const FETCH = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head'];
const NOT_OFFERED = /not our ref|unadvertised object|no such remote ref/i;
/** What says more than git's own last line, "Could not read from remote repository". */
const TELLING =
  /permission denied|host key verification failed|could not resolve|connection (refused|timed out)|authentication failed|could not read username|not found|does not (exist|appear)/i;

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
  const { url, commit, format, sshCommand, boundMs } = wanted;
  const place: GitPlace = {
    program,
    phase,
    directory: folder,
    environment: { GIT_DIR: folder, GIT_ALLOW_PROTOCOL: PROTOCOLS, GIT_SSH_COMMAND: sshCommand },
  };
  const shown = publicRemoteUrl(url);
  const call = { signal, purpose: `fetch commit ${commit.slice(0, 12)} from ${shown}` };
  await runGit(place, ['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, '.'], call);
  const ask = async (...args: readonly string[]): Promise<boolean> =>
    await fetched(place, args, { ...call, boundMs }, url);
  const isOffered = await ask('--depth=1', '--end-of-options', url, commit);
  if (!isOffered)
    await ask('--end-of-options', url, '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*');
  if (!isOffered && !(await hasCommit(place, commit, call))) {
    throw new PreheatError(`cannot ${call.purpose}: it is not there any more, or never was`, {
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

/** Fetches; whether the other side gives what was asked for. */
async function fetched(
  place: GitPlace,
  args: readonly string[],
  call: GitCall & Pick<WantedCommit, 'boundMs'>,
  url: string,
): Promise<boolean> {
  // Over HTTP git itself ends what is slow, ssh what is dead; the protocol git: waits for ever.
  const signal = withDeadline(call.signal, call.boundMs);
  try {
    await runGit(place, [...SLOW, ...FETCH, ...args], { ...call, signal });
    return true;
  } catch (thrown) {
    call.signal.throwIfAborted();
    if (signal.aborted) throw notInTime(place, call);
    const said = saidBy(thrown);
    if (NOT_OFFERED.test(said)) return false;
    throw toUnreachable(thrown, said, place, call, url);
  }
}

function notInTime(
  { phase }: GitPlace,
  { purpose, boundMs }: GitCall & Pick<WantedCommit, 'boundMs'>,
): PreheatError {
  return new PreheatError(`cannot ${purpose}: it did not end within ${boundMs / 1000} s`, {
    phase,
    code: 'unreachable',
    hint: hintFor(''),
  });
}

function toUnreachable(
  thrown: unknown,
  said: string,
  { phase }: GitPlace,
  { purpose }: GitCall,
  url: string,
): unknown {
  if (!(thrown instanceof PreheatError)) return thrown;
  const telling = said.split('\n').find((line) => TELLING.test(line));
  const last = thrown.message.slice(thrown.message.indexOf(': ') + 2);
  const why = (telling ?? last).replace(/^(?:fatal|error|remote): /, '').trim();
  return new PreheatError(
    `cannot ${purpose}: ${withoutPasswords(why.replaceAll(url, publicRemoteUrl(url)))}`,
    {
      phase,
      code: 'unreachable',
      hint: hintFor(why),
      cause: thrown.cause,
    },
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

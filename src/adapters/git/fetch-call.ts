import { withDeadline } from '../../kernel/deadline.ts';
import { PreheatError } from '../../kernel/failure.ts';
import { runGit, saidBy, type GitCall, type GitPlace } from './git-command.ts';
import { publicRemoteUrl, withoutPasswords } from './remote-url.ts';

/** A call of `git fetch`. */
export interface FetchCall extends GitCall {
  /** Milliseconds after which a fetch that has not ended is given up. */
  readonly boundMs: number;
  /** The address that is asked; it is shown without passwords. */
  readonly url: string;
  /** What the reader can do about a failure, from git's own words. */
  readonly hintFor: (why: string) => string;
  /** Settings for this call, as `git -c` takes them. */
  readonly settings?: readonly string[];
}

const SLOW = ['http.lowSpeedLimit=1000', 'http.lowSpeedTime=60'];
/** Objects that are unpacked one by one are looked up first, by which git touches packs of the clone (`utime`). */
const IN_PACKS = ['fetch.unpackLimit=1'];
const FETCH = [
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-recurse-submodules',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
];
const NOT_OFFERED = /not our ref|unadvertised object|no such remote ref|couldn't find remote ref/i;
/** What says more than git's own last line, "Could not read from remote repository". */
const TELLING =
  /permission denied|host key verification failed|could not resolve|connection (refused|timed out)|authentication failed|could not read username|not found|does not (exist|appear)/i;

/**
 * Fetches into the repository in which git runs; whether the other side gives what was asked for. Throws a `PreheatError`
 * with code `unreachable` where it can't be asked or does not answer in time.
 */
export async function fetchInto(place: GitPlace, args: readonly string[], call: FetchCall): Promise<boolean> {
  return (
    (await askRemote(place, [...FETCH, ...args], {
      ...call,
      settings: [...IN_PACKS, ...(call.settings ?? [])],
    })) !== undefined
  );
}

/**
 * Runs a git command that asks another side: what it printed, or `undefined` where that side does not give what was asked
 * for. Throws as {@link fetchInto} does.
 */
export async function askRemote(
  place: GitPlace,
  args: readonly string[],
  call: FetchCall,
): Promise<Buffer | undefined> {
  // Over HTTP git itself ends what is slow, ssh what is dead; the protocol git: waits for ever.
  const signal = withDeadline(call.signal, call.boundMs);
  const settings = [...SLOW, ...(call.settings ?? [])].flatMap((setting) => ['-c', setting]);
  try {
    return await runGit(place, [...settings, ...args], { ...call, signal });
  } catch (thrown) {
    call.signal.throwIfAborted();
    if (signal.aborted) throw notInTime(place, call);
    const said = saidBy(thrown);
    if (NOT_OFFERED.test(said)) return undefined;
    throw toUnreachable(thrown, said, place, call);
  }
}

function notInTime({ phase }: GitPlace, { purpose, boundMs, hintFor }: FetchCall): PreheatError {
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
  { purpose, url, hintFor }: FetchCall,
): unknown {
  // A full disk, or no git at all: nothing that the other side could mend.
  if (!(thrown instanceof PreheatError) || thrown.hint !== undefined) return thrown;
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

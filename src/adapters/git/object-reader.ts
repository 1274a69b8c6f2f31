import { PreheatError } from '../../kernel/failure.ts';
import { endGroupOnAbort } from './end-group.ts';
import { gitOptions, toFailure, type GitCall, type GitPlace } from './git-command.ts';
import { startGitProcess } from './git-process.ts';
import { answersOf, type GitObject, type TooLarge } from './object-answers.ts';

/** Reads objects through one `git cat-file --batch` that goes on running; disposing of it ends git. */
export interface ObjectReader extends AsyncDisposable {
  /**
   * The objects that names mean (ids, `COMMIT^{tree}`), in their order; `undefined` for those that are not there or not
   * told apart, and for names with line ends. Throws a `PreheatError` with git's own words or for an object of more than
   * 100 MiB, and the signal's reason.
   */
  read(names: readonly string[], call: GitCall): Promise<readonly (GitObject | undefined)[]>;
}

/** Git starts at the first read. Reads at the same time wait for each other; one that fails leaves no git behind. */
export function openObjectReader(place: GitPlace): ObjectReader {
  let running: RunningGit | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const end = async (): Promise<void> => {
    const ending = running;
    running = undefined;
    await ending?.[Symbol.asyncDispose]();
  };
  const readNow = async (names: readonly string[], call: GitCall) => {
    call.signal.throwIfAborted();
    // Killed by somebody else: this read asked it nothing yet.
    if (running?.hasEnded() === true) await end();
    try {
      running ??= await startGit(place);
      return await readNames(running, names, { place, ...call });
    } catch (thrown) {
      running?.kill();
      await end();
      throw toFailure(thrown, place, call);
    }
  };
  return {
    async read(names, call) {
      const reading = turn.then(async () => await readNow(names, call));
      turn = reading.catch(() => undefined);
      return await reading;
    },
    async [Symbol.asyncDispose]() {
      await turn;
      await end();
    },
  };
}

/** A call at its place. */
type PlacedCall = GitCall & { readonly place: GitPlace };

interface RunningGit extends AsyncDisposable {
  read(names: readonly string[], call: PlacedCall): Promise<readonly (GitObject | undefined)[]>;
  hasEnded(): boolean;
  kill(): void;
}

/** Git takes what a line end parts for two names and answers twice: all later answers would be another's. */
const NO_NAME = /[\n\r\0]/;

async function readNames(
  git: RunningGit,
  names: readonly string[],
  call: PlacedCall,
): Promise<readonly (GitObject | undefined)[]> {
  const asked = names.filter((name) => !NO_NAME.test(name));
  const found = (await git.read(asked, call)).values();
  return names.map((name) => (NO_NAME.test(name) ? undefined : found.next().value));
}

async function startGit(place: GitPlace): Promise<RunningGit> {
  const stopping = new AbortController();
  const git = startGitProcess(place.program, ['cat-file', '--batch'], {
    ...gitOptions(place, { signal: stopping.signal }),
    stdin: 'pipe',
    stdout: 'pipe',
  });
  const { stdin, stdout } = git;
  if (stdin === undefined || stdout === undefined) {
    await git.ended;
    throw new TypeError('git was started without pipes');
  }
  // What failed shows where the output ends too early.
  const ended = git.ended.catch((thrown: unknown) => thrown);
  const answers = answersOf(stdout);
  const next = async (call: PlacedCall): Promise<GitObject | undefined> => {
    const { done, value } = await answers.next();
    if (done !== true) {
      if (value !== undefined && 'tooLarge' in value) throw tooLarge(value, call);
      return value;
    }
    const failure = await ended;
    throw failure instanceof Error
      ? toFailure(failure, call.place, call)
      : new PreheatError(`cannot ${call.purpose}: git cat-file ended early`, { phase: call.place.phase });
  };
  return {
    async read(names, call) {
      using _watch = endGroupOnAbort(git, call.signal);
      stdin.write(names.map((name) => `${name}\n`).join(''));
      const found: (GitObject | undefined)[] = [];
      while (found.length < names.length) found.push(await next(call));
      return found;
    },
    // Node takes the input of a program away that has ended.
    hasEnded: () => stdin.destroyed,
    kill: () => stopping.abort(),
    async [Symbol.asyncDispose]() {
      stdin.end();
      // Who has begun to read a stream keeps it from flowing, and git would never be seen to end.
      await answers.return(undefined);
      stdout.resume();
      await ended;
    },
  };
}

function tooLarge({ tooLarge: id }: TooLarge, { purpose, place: { phase } }: PlacedCall): PreheatError {
  return new PreheatError(`cannot ${purpose}: object ${id} is larger than 100 MiB`, { phase });
}

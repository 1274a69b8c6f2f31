import { execa } from 'execa';
import { PreheatError } from '../../kernel/failure.ts';
import { endGroupOnAbort } from './end-group.ts';
import { gitOptions, toFailure, type GitCall, type GitPlace } from './git-command.ts';

/** An object of a repository, as git stores it. */
export interface GitObject {
  readonly id: string;
  readonly type: string;
  readonly content: Buffer;
}

/** Reads objects through one `git cat-file --batch` that goes on running; disposing of it ends git. */
export interface ObjectReader extends AsyncDisposable {
  /**
   * The objects that names mean (ids, `COMMIT^{tree}`; without line ends), in their order; `undefined` for those that are
   * not there or not told apart. Throws a `PreheatError` with git's own words, and the signal's reason.
   */
  read(names: readonly string[], call: GitCall): Promise<readonly (GitObject | undefined)[]>;
}

/** What is read is source text, trees and commits, of which each is held whole. */
const MOST_BYTES = 100 * 1024 * 1024;

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
    running ??= startGit(place);
    try {
      return await running.read(names, { place, ...call });
    } catch (thrown) {
      running.kill();
      await end();
      call.signal.throwIfAborted();
      throw thrown;
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

interface RunningGit extends AsyncDisposable {
  read(
    names: readonly string[],
    call: GitCall & { readonly place: GitPlace },
  ): Promise<readonly (GitObject | undefined)[]>;
  kill(): void;
}

function startGit(place: GitPlace): RunningGit {
  const stopping = new AbortController();
  const { cancelSignal: _, ...options } = gitOptions(place, { signal: stopping.signal });
  const git = execa(place.program, ['cat-file', '--batch'], {
    ...options,
    stdin: 'pipe',
    buffer: { stdout: false },
    detached: true,
  });
  const watch = endGroupOnAbort(git, stopping.signal);
  // What failed shows where the output ends too early; this keeps it from being unhandled until then.
  const ended = git.catch((thrown: unknown) => thrown);
  git.stdin.on('error', () => undefined);
  const answers = answersOf(git.stdout);
  const next = async (call: GitCall & { readonly place: GitPlace }): Promise<GitObject | undefined> => {
    const { done, value } = await answers.next();
    if (done !== true) return value;
    const failure = await ended;
    throw failure instanceof Error
      ? toFailure(failure, call.place, call)
      : new PreheatError(`cannot ${call.purpose}: git cat-file ended early`, { phase: call.place.phase });
  };
  return {
    async read(names, call) {
      using _watch = endGroupOnAbort(git, call.signal);
      git.stdin.write(names.map((name) => `${name}\n`).join(''));
      const found: (GitObject | undefined)[] = [];
      while (found.length < names.length) found.push(await next(call));
      return found;
    },
    kill: () => stopping.abort(),
    async [Symbol.asyncDispose]() {
      git.stdin.end();
      git.stdout.resume();
      await ended;
      watch[Symbol.dispose]();
    },
  };
}

/** Takes `<id> <type> <size>\n<content>\n` apart; any other line says that there is no such object. */
async function* answersOf(stdout: AsyncIterable<Uint8Array>): AsyncGenerator<GitObject | undefined> {
  let parts: Buffer[] = [];
  let length = 0;
  let wanted = 1;
  for await (const chunk of stdout) {
    parts.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    length += chunk.byteLength;
    if (length < wanted) continue;
    let rest = Buffer.concat(parts, length);
    for (;;) {
      const headerEnd = rest.indexOf('\n');
      wanted = rest.length + 1;
      if (headerEnd === -1) break;
      const [, id, type, digits] =
        /^([0-9a-f]{40,64}) ([a-z]+) (\d+)$/.exec(rest.toString('latin1', 0, headerEnd)) ?? [];
      const isObject = id !== undefined && type !== undefined;
      if (Number(digits ?? 0) > MOST_BYTES) throw new RangeError(`object ${id} is larger than 100 MiB`);
      const end = isObject ? headerEnd + 1 + Number(digits) + 1 : headerEnd + 1;
      wanted = end;
      if (rest.length < end) break;
      yield isObject ? { id, type, content: rest.subarray(headerEnd + 1, end - 1) } : undefined;
      rest = rest.subarray(end);
    }
    parts = [rest];
    length = rest.length;
  }
}

import { execa } from 'execa';
import { PreheatError } from '../../kernel/failure.ts';
import { gitOptions, toFailure, type GitCall, type GitPlace } from './git-command.ts';
import type { ReadParents } from './history.ts';

/** Reads commits through one running `git cat-file --batch`; disposing of it ends git. */
export interface CommitParents extends AsyncDisposable {
  readonly readParents: ReadParents;
}

/**
 * Starts git for reading parents from the commits themselves, so that neither `.git/shallow` nor replacements hide any.
 * Throws a `PreheatError` where a commit is missing.
 */
export function openCommitParents(place: GitPlace, call: GitCall): CommitParents {
  const git = execa(place.program, ['cat-file', '--batch'], {
    ...gitOptions(place, call),
    stdin: 'pipe',
    buffer: { stdout: false },
  });
  // Failures show where the output ends too early; this keeps them from being unhandled until then.
  const ended = git.catch((thrown: unknown) => thrown);
  const answers = answersOf(git.stdout);
  const readNext = async (): Promise<Answer> => {
    const { done, value } = await answers.next();
    if (done !== true) return value;
    const failure = await ended;
    throw failure instanceof Error
      ? toFailure(failure, place, call)
      : new PreheatError(`cannot ${call.purpose}: git cat-file ended early`, { phase: place.phase });
  };
  return {
    async readParents(commits) {
      git.stdin.write(commits.map((id) => `${id}\n`).join(''));
      const parents = new Map<string, readonly string[]>();
      for (const id of commits) {
        const { content } = await readNext();
        if (content === undefined) {
          throw new PreheatError(`cannot ${call.purpose}: the clone lacks commit ${id}`, {
            phase: place.phase,
          });
        }
        parents.set(id, parentsIn(content));
      }
      return parents;
    },
    async [Symbol.asyncDispose]() {
      git.stdin.end();
      git.stdout.resume();
      await ended;
    },
  };
}

/** What `git cat-file --batch` answers to one id; without content when the object is missing. */
interface Answer {
  readonly content: Buffer | undefined;
}

/** Takes `<id> <type> <size>\n<content>\n` and `<id> missing\n` apart. */
async function* answersOf(stdout: AsyncIterable<Uint8Array>): AsyncGenerator<Answer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of stdout) {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const headerEnd = rest.indexOf('\n');
      if (headerEnd === -1) break;
      const size = /^[0-9a-f]+ \w+ (\d+)$/.exec(rest.toString('latin1', 0, headerEnd))?.[1];
      const end = size === undefined ? headerEnd + 1 : headerEnd + 1 + Number(size) + 1;
      if (rest.length < end) break;
      yield { content: size === undefined ? undefined : rest.subarray(headerEnd + 1, end - 1) };
      rest = rest.subarray(end);
    }
  }
}

/** The `parent` lines of a commit's header, which ends at the first empty line. */
function parentsIn(commit: Buffer): readonly string[] {
  const header = commit.toString('latin1').split('\n\n', 1)[0] ?? '';
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, id]) => id ?? '');
}

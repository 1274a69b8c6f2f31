import { access, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { messageOf, PreheatError, type Phase } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { gitEnvironment } from './git-environment.ts';
import {
  commandIn,
  GitProcessError,
  startGitProcess,
  type GitProcess,
  type GitProcessOptions,
} from './git-process.ts';
import { withoutPasswords } from './remote-url.ts';

/** Where git runs and for whom. */
export interface GitPlace {
  /** The program: a path, or a name that is looked up in PATH. */
  readonly program: string;
  /** Absolute path of the folder in which it runs. */
  readonly directory: string;
  /** The folder that git may trust though somebody else owns it; `directory` where absent. */
  readonly trusted?: string;
  /** The phase of the failures. */
  readonly phase: Phase;
  /** More environment, such as `GIT_DIR`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A configuration file under which git runs as its owner would run it, with this machine's settings. */
  readonly configuration?: string;
}

/** A place for git in a folder that may be anywhere in a clone; throws a `PreheatError` where there is no folder. */
export async function gitPlaceIn(
  directory: string,
  phase: Phase,
  program: string = 'git',
): Promise<GitPlace> {
  try {
    const real = await realpath(directory);
    return { program, directory: real, trusted: await topOfClone(real), phase };
  } catch (thrown) {
    throw new PreheatError(`cannot read a git repository in ${directory}: ${messageOf(thrown)}`, {
      phase,
      cause: thrown,
    });
  }
}

/**
 * The top folder of the clone that a folder is in, which is the one that git asks about. Only where one user owns both:
 * a `.git` that somebody else put above a folder is not meant (CVE-2022-24765).
 */
async function topOfClone(directory: string): Promise<string> {
  const { uid } = await stat(directory);
  for (let folder = directory; ; folder = dirname(folder)) {
    const isTop = await access(join(folder, '.git')).then(
      () => true,
      () => false,
    );
    if (isTop) return (await stat(folder)).uid === uid ? folder : directory;
    if (folder === dirname(folder)) return directory;
  }
}

/** One call of git. */
export interface GitCall extends CallOptions {
  /** What the call is for, as it stands in "cannot <purpose>: <why>". */
  readonly purpose: string;
  readonly input?: string | Uint8Array;
}

/** Runs git to its end and gives what it printed. Throws a `PreheatError` with git's own words. */
export async function runGit(place: GitPlace, args: readonly string[], call: GitCall): Promise<Buffer> {
  const answer = await askGit(place, args, call);
  if (answer === undefined) throw gitFailure(place, call.purpose, `git ${commandIn(args)} answered with no`);
  return answer;
}

/** As {@link runGit}, for questions that git answers with exit code 1 and no message where the answer is no. */
export async function askGit(
  place: GitPlace,
  args: readonly string[],
  call: GitCall,
): Promise<Buffer | undefined> {
  const { input } = call;
  const stdin = input === undefined ? 'ignore' : 'pipe';
  try {
    const options = { ...gitOptions(place, call), stdin, stdout: 'pipe' } as const;
    const git = startGitProcess(place.program, args, options);
    git.stdin?.end(input);
    return await printedBy(git, commandIn(args));
  } catch (thrown) {
    if (thrown instanceof GitProcessError && thrown.exitCode === 1 && lastLineOf(thrown.said) === '')
      return undefined;
    throw toFailure(thrown, place, call);
  }
}

/** How git runs: isolated, and ended when the signal aborts. */
export function gitOptions(
  place: GitPlace,
  { signal }: CallOptions,
): Pick<GitProcessOptions, 'cwd' | 'env' | 'signal'> {
  const isolated = gitEnvironment(place.trusted ?? place.directory, place.configuration);
  return { cwd: place.directory, env: { ...isolated, ...place.environment }, signal };
}

/** More is printed to files. */
const MOST_PRINTED_BYTES = 100 * 1024 * 1024;

/** All that git printed, when it has ended. */
async function printedBy(git: GitProcess, command: string): Promise<Buffer> {
  try {
    const [printed] = await Promise.all([allOf(git.stdout, command), git.ended]);
    return printed;
  } catch (thrown) {
    git.kill();
    await git.ended.catch(() => undefined);
    throw thrown;
  }
}

async function allOf(stdout: Readable | undefined, command: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdout ?? []) {
    const bytes: Buffer = chunk;
    chunks.push(bytes);
    length += bytes.length;
    if (length > MOST_PRINTED_BYTES)
      throw new GitProcessError(`git ${command} printed more than 100 MiB`, {});
  }
  return Buffer.concat(chunks, length);
}

const FULL_DISK = /no space left on device|out of diskspace|disk quota exceeded|file too large/i;
const MAKE_ROOM = 'Free space there, or name a folder on a larger disk with --state (plan: TMPDIR).';

/** What a failed call of git is told as; an aborted one throws the signal's reason. */
export function toFailure(thrown: unknown, place: GitPlace, { purpose, signal }: GitCall): PreheatError {
  signal.throwIfAborted();
  if (!(thrown instanceof GitProcessError)) throw thrown;
  if (thrown.code === 'ENOENT') {
    return gitFailure(
      place,
      purpose,
      `there is no program "${place.program}"`,
      thrown,
      'Install git 2.31 or newer.',
    );
  }
  const why =
    thrown.code === 'ENOTDIR'
      ? `${place.directory} is no folder, or ${place.program} no program`
      : lastLineOf(thrown.said) || thrown.message;
  return gitFailure(place, purpose, why, thrown, FULL_DISK.test(why) ? MAKE_ROOM : undefined);
}

function gitFailure(
  { phase }: GitPlace,
  purpose: string,
  why: string,
  cause?: unknown,
  hint?: string,
): PreheatError {
  return new PreheatError(`cannot ${purpose}: ${withoutPasswords(why)}`, {
    phase,
    ...(cause === undefined ? {} : { cause }),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The last line that names a failure, or else the last line, of what git complained; without its prefix. */
function lastLineOf(said: Buffer): string {
  const lines = said.toString('utf8').split('\n');
  const named = lines.findLast((line) => /^(?:fatal|error): /.test(line));
  const last = named ?? lines.findLast((line) => /\S/.test(line)) ?? '';
  return last.trim().replace(/^(?:fatal|error): /, '');
}

/** Everything that git and its helpers said of a failure. */
export function saidBy(thrown: unknown): string {
  const cause: unknown = thrown instanceof PreheatError ? thrown.cause : thrown;
  return cause instanceof GitProcessError ? cause.said.toString('utf8') : '';
}

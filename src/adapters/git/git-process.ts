import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { messageOf } from '../../kernel/failure.ts';
import { endGroupOnAbort, killGroup } from './end-group.ts';

/** What is known of a git that did not end well. */
interface Ended {
  /** What it ended with; `undefined` where it was killed or did not start. */
  readonly exitCode?: number | undefined;
  /** Why it did not start, as the system calls it: `ENOENT`. */
  readonly code?: string | undefined;
  /** What git and its helpers said. */
  readonly said?: Buffer;
  readonly cause?: unknown;
}

/** A git that did not end well, or did not start. */
export class GitProcessError extends Error {
  override readonly name = 'GitProcessError';
  readonly exitCode: number | undefined;
  readonly code: string | undefined;
  readonly said: Buffer;

  constructor(message: string, { exitCode, code, said = Buffer.alloc(0), cause }: Ended) {
    super(message, cause === undefined ? {} : { cause });
    this.exitCode = exitCode;
    this.code = code;
    this.said = said;
  }
}

/** How git is started. */
export interface GitProcessOptions {
  /** The absolute path of the folder in which it runs. */
  readonly cwd: string;
  /** What its environment has beside this program's; `undefined` takes a variable away. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** It is killed, with all that it started, when this aborts or this program exits. */
  readonly signal: AbortSignal;
  readonly stdin: 'ignore' | 'pipe';
  /** A pipe, or the descriptor of an open file. */
  readonly stdout: 'pipe' | number;
}

/** A git that runs. */
export interface GitProcess {
  readonly pid: number | undefined;
  /** What it reads, where its input is a pipe. A write to one that has ended is no failure of its own. */
  readonly stdin: Writable | undefined;
  /** What it prints, where its output is a pipe: to be read, or it never ends. */
  readonly stdout: Readable | undefined;
  /** Settles when git and its output have ended: resolves for exit code 0, rejects with a {@link GitProcessError}. */
  readonly ended: Promise<void>;
  /** Kills it with all that it started, where it has not ended. */
  kill(): void;
}

/** Of a longer complaint the end is kept, which says what came of it. */
const MOST_SAID_BYTES = 1024 * 1024;

/**
 * Starts git as the leader of a process group of its own. By Node's own means: a push that changes a document starts
 * git ten times, most of them one after the other, and a package for processes adds 3 ms to the 14 ms of each start
 * (ADR 19). Throws a {@link GitProcessError} where git cannot be started at all, and the signal's reason.
 */
export function startGitProcess(
  program: string,
  args: readonly string[],
  { cwd, env, signal, stdin, stdout }: GitProcessOptions,
): GitProcess {
  signal.throwIfAborted();
  const child = trySpawn(program, args, { cwd, env, stdin, stdout });
  const watch = endGroupOnAbort(child, signal);
  const said = lastOf(child.stderr);
  // Whoever waits for the end learns why git reads no more.
  child.stdin?.on('error', () => undefined);
  const ended = endOf(child, commandIn(args), said).finally(() => watch[Symbol.dispose]());
  // Who reads the output first comes to the end later.
  ended.catch(() => undefined);
  return {
    pid: child.pid,
    // Where the system has no descriptors left they are absent, whatever their types say.
    stdin: child.stdin ?? undefined,
    stdout: child.stdout ?? undefined,
    ended,
    kill() {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        killGroup(child.pid);
    },
  };
}

/** The command among the arguments of git, behind settings (`-c name=value`). */
export function commandIn(args: readonly string[]): string {
  return args.find((word, at) => word !== '-c' && args[at - 1] !== '-c') ?? '';
}

/** Arguments that no program can have are told at once, a program that is not there later. */
function trySpawn(
  program: string,
  args: readonly string[],
  { cwd, env, stdin, stdout }: Omit<GitProcessOptions, 'signal'>,
): ChildProcess {
  try {
    const stdio: StdioOptions = [stdin, stdout, 'pipe'];
    // oxlint-disable-next-line eslint/no-restricted-properties -- nothing is read: programs inherit it
    return spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio, detached: true });
  } catch (thrown) {
    throw notStarted(thrown);
  }
}

async function endOf(child: ChildProcess, command: string, said: () => Buffer): Promise<void> {
  await once(child, 'close').catch((thrown: unknown) => {
    throw notStarted(thrown);
  });
  const { exitCode, signalCode } = child;
  if (exitCode === 0) return;
  const how = exitCode === null ? `was ended by ${signalCode}` : `ended with ${exitCode}`;
  throw new GitProcessError(`git ${command} ${how}`, { exitCode: exitCode ?? undefined, said: said() });
}

function notStarted(thrown: unknown): GitProcessError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;
  return new GitProcessError(messageOf(thrown), { code, cause: thrown });
}

/** Reads a stream, and keeps the end of it. */
function lastOf(stream: Readable | null | undefined): () => Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  stream?.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    while (length - (chunks[0]?.length ?? 0) >= MOST_SAID_BYTES) length -= chunks.shift()?.length ?? 0;
  });
  return () => Buffer.concat(chunks);
}

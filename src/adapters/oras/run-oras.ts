import { withDeadline } from '../../kernel/deadline.ts';
import { messageOf, PreheatError } from '../../kernel/failure.ts';
import { linesOf } from '../../kernel/lines.ts';
import { classify, type Trouble } from './classify.ts';

export interface OrasRun {
  readonly binary: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** After so many milliseconds the program is ended. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** Gets each line of standard output as it is printed. */
  readonly onLine?: (line: string) => void;
}

export type OrasEnd =
  | { readonly ok: true; readonly stdout: Uint8Array }
  | { readonly ok: false; readonly trouble: Trouble | { readonly kind: 'timeout'; readonly why: string } };

/** Manifests and configs are at most 4 MiB; a tag list of 100,000 tags is longer. */
const MOST_OUTPUT = 16 * 1024 * 1024;
const KILL_DELAY_MS = 2_000;

/**
 * Runs oras once, its output bounded. Throws the signal's reason when `signal` aborts and `PreheatError` (publish) when
 * the program cannot be started; every other end is an answer.
 */
export async function runOras({ binary, args, cwd, deadlineMs, signal, onLine }: OrasRun): Promise<OrasEnd> {
  signal.throwIfAborted();
  const { execa } = await import('execa');
  const running = execa(binary, args, {
    ...(cwd === undefined ? {} : { cwd }),
    cancelSignal: withDeadline(signal, deadlineMs),
    forceKillAfterDelay: KILL_DELAY_MS,
    stdin: 'ignore',
    encoding: 'buffer',
    // Digests cover it too.
    stripFinalNewline: false,
    maxBuffer: MOST_OUTPUT,
    reject: false,
  });
  if (onLine !== undefined)
    for await (const line of linesOf(running.iterable({ binary: true }))) onLine(line);
  const ended = await running;
  if (!ended.failed) return { ok: true, stdout: ended.stdout };
  signal.throwIfAborted();
  if (ended.isCanceled) return timeout(deadlineMs);
  if (ended.isMaxBuffer)
    return { ok: false, trouble: { kind: 'failed', why: 'the answer is larger than 16 MiB' } };
  if (ended.exitCode === undefined && ended.signal === undefined) throw notStarted(binary, ended.cause);
  const stderr = Buffer.from(ended.stderr).toString('utf8');
  return { ok: false, trouble: classify(stderr) };
}

function timeout(deadlineMs: number): OrasEnd {
  return {
    ok: false,
    trouble: { kind: 'timeout', why: `no end within ${Math.ceil(deadlineMs / 1000)} seconds` },
  };
}

function notStarted(binary: string, cause: unknown): PreheatError {
  return new PreheatError(`cannot run ${binary}: ${messageOf(cause)}`, {
    phase: 'publish',
    hint: 'Install oras 1.2.0 or later (https://oras.land/docs/installation).',
    cause,
  });
}

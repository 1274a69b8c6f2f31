import { messageOf, PreheatError } from '../../kernel/failure.ts';
import { missingOras } from './missing-oras.ts';
import { isRecentEnough, ORAS_RELEASE, parseOrasVersion, type OrasRelease } from './oras-release.ts';

export interface ProvideOrasOptions {
  /** The folder in which a download is kept for later runs. */
  readonly cacheDir: string;
  readonly signal: AbortSignal;
  /** Program to look for first; `oras` on the PATH unless a test says otherwise. */
  readonly program?: string;
  /** What to download instead; for tests and mirrors. */
  readonly release?: OrasRelease;
}

const VERSION_DEADLINE_MS = 20_000;

/**
 * Finds oras 1.2.0 or later: on the PATH, else in `cacheDir`, else by a download that is checked against a pinned
 * sha256 before it is unpacked. Answers the program's name or path.
 * Throws `PreheatError` (publish) when there is none to be had.
 */
export async function provideOras(options: ProvideOrasOptions): Promise<string> {
  const { cacheDir, signal, program = 'oras', release = ORAS_RELEASE } = options;
  const version = await orasVersion(program, signal);
  if (version !== undefined && isRecentEnough(version)) return program;
  try {
    // Brings an HTTP client of its own, which is of no use where oras is installed, as in the pipe's image.
    const { keptOras } = await import('./kept-oras.ts');
    return await keptOras(release, cacheDir, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    throw thrown instanceof PreheatError ? thrown : missingOras(messageOf(thrown), 'failed', thrown);
  }
}

/** The version of an oras program; `undefined` where it cannot be run or is another program. */
export async function orasVersion(program: string, signal: AbortSignal): Promise<string | undefined> {
  const { execa } = await import('execa');
  const answer = await execa(program, ['version'], {
    cancelSignal: signal,
    timeout: VERSION_DEADLINE_MS,
    reject: false,
    stdin: 'ignore',
  });
  signal.throwIfAborted();
  return answer.failed ? undefined : parseOrasVersion(answer.stdout);
}

import { cacheDir as keepFolder, downloadTool, extractTar, find } from '@actions/tool-cache';
import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { messageOf, PreheatError, type FailureCode } from '../../kernel/failure.ts';
import { inActionsEnvironment } from './actions-environment.ts';
import {
  isRecentEnough,
  ORAS_RELEASE,
  parseOrasVersion,
  releasePlatform,
  type OrasRelease,
} from './oras-release.ts';

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
    await using temporary = await mkdtempDisposable(join(tmpdir(), 'preheat-oras-'));
    return await inActionsEnvironment({ temporary: temporary.path, cache: cacheDir }, async () => {
      const kept = find('oras', release.version, arch());
      return join(kept === '' ? await download(release, temporary.path, signal) : kept, 'oras');
    });
  } catch (thrown) {
    signal.throwIfAborted();
    throw thrown instanceof PreheatError ? thrown : failure(messageOf(thrown), 'failed', thrown);
  }
}

/** The version of an oras program; `undefined` where it cannot be run or is another program. */
export async function orasVersion(program: string, signal: AbortSignal): Promise<string | undefined> {
  const answer = await execa(program, ['version'], {
    cancelSignal: signal,
    timeout: VERSION_DEADLINE_MS,
    reject: false,
    stdin: 'ignore',
  });
  signal.throwIfAborted();
  return answer.failed ? undefined : parseOrasVersion(answer.stdout);
}

async function download(release: OrasRelease, temporary: string, signal: AbortSignal): Promise<string> {
  const name = releasePlatform(platform(), arch());
  const expected = release.checksums[name];
  if (expected === undefined) throw failure(`there is no checked download for ${name}`, 'failed');
  const file = `oras_${release.version}_${name}.tar.gz`;
  const url = `${release.url}/v${release.version}/${file}`;
  const archive = join(temporary, file);
  await untilAborted(downloadTool(url, archive), signal).catch((thrown: unknown) => {
    signal.throwIfAborted();
    throw failure(`${url}: ${messageOf(thrown)}`, 'unreachable', thrown);
  });
  const found = await sha256Of(archive);
  if (found !== expected) throw failure(`${url} has sha256 ${found}, not ${expected}`, 'corrupt');
  const unpacked = await extractTar(archive, join(temporary, 'unpacked'));
  return await keepFolder(unpacked, 'oras', release.version, arch());
}

/** tool-cache knows no signals: what it still does after an abort is left behind. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const settled = new AbortController();
  const aborted = once(signal, 'abort', { signal: settled.signal }).then(() => {
    throw signal.reason;
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    aborted.catch(() => undefined);
    work.catch(() => undefined);
    settled.abort();
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function failure(why: string, code: FailureCode, cause?: unknown): PreheatError {
  return new PreheatError(`cannot get oras: ${why}`, {
    phase: 'publish',
    code,
    hint: 'Install oras 1.2.0 or later and put it on the PATH: https://oras.land/docs/installation',
    cause,
  });
}

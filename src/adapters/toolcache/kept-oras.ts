import { cacheDir as keepFolder, downloadTool, extractTar, find } from '@actions/tool-cache';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '../../kernel/failure.ts';
import { inActionsEnvironment } from './actions-environment.ts';
import { missingOras } from './missing-oras.ts';
import { releasePlatform, type OrasRelease } from './oras-release.ts';

/**
 * The path of a release's oras in `cacheDir`, downloaded into it where it is not there yet. Throws `PreheatError`
 * (publish) where the download fails or has another checksum.
 */
export async function keptOras(release: OrasRelease, cacheDir: string, signal: AbortSignal): Promise<string> {
  await using temporary = await mkdtempDisposable(join(tmpdir(), 'preheat-oras-'));
  return await inActionsEnvironment({ temporary: temporary.path, cache: cacheDir }, async () => {
    const kept = find('oras', release.version, arch());
    return join(kept === '' ? await download(release, temporary.path, signal) : kept, 'oras');
  });
}

async function download(release: OrasRelease, temporary: string, signal: AbortSignal): Promise<string> {
  const name = releasePlatform(platform(), arch());
  const expected = release.checksums[name];
  if (expected === undefined) throw missingOras(`there is no checked download for ${name}`, 'failed');
  const file = `oras_${release.version}_${name}.tar.gz`;
  const url = `${release.url}/v${release.version}/${file}`;
  const archive = join(temporary, file);
  await untilAborted(downloadTool(url, archive), signal).catch((thrown: unknown) => {
    signal.throwIfAborted();
    throw missingOras(`${url}: ${messageOf(thrown)}`, 'unreachable', thrown);
  });
  const found = await sha256Of(archive);
  if (found !== expected) throw missingOras(`${url} has sha256 ${found}, not ${expected}`, 'corrupt');
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

import { lstat, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unpacked } from '../../src/oci/gzip-unpacked.ts';
import type { Layer } from '../../src/oci/layer.ts';
import { readTar, type ReadEntry } from '../../src/oci/tar-reader.ts';
import { gitEnv, rawPath, run } from '../adapters/git/git-fixture.ts';
import type { DeltaScene } from './delta-scene.ts';

/** The checkout of stacked source layers, in a folder. */
export interface UnpackedLayers extends AsyncDisposable {
  git(...args: readonly string[]): string;
}

/** Unpacks layers over each other with GNU tar, with ourselves as owner of the files. */
export async function unpackLayers(
  layers: readonly Layer[],
  { staging, folder }: Pick<DeltaScene, 'staging' | 'folder'>,
): Promise<UnpackedLayers> {
  const root = await mkdtemp(join(folder, 'root-'));
  const options = [
    '--extract',
    '--gzip',
    '--no-same-owner',
    '--preserve-permissions',
    '--exclude=.wh.*',
  ] as const;
  for (const layer of layers) {
    for await (const entry of readTar(unpacked(staging.readLayer(layer), 'gzip'))) await makeWay(root, entry);
    const input = Buffer.concat(await Array.fromAsync(staging.readLayer(layer)));
    run(['tar', ...options, '--directory', root], { input });
  }
  return {
    git: (...args) => run(['git', ...args], { cwd: join(root, 'workspace', 'app'), env: gitEnv() }).trimEnd(),
    [Symbol.asyncDispose]: async () => await rm(root, { recursive: true, force: true }),
  };
}

/** Removes what a whiteout takes away, and what is replaced by something of another type. */
async function makeWay(root: string, { path, kind }: Pick<ReadEntry, 'path' | 'kind'>): Promise<void> {
  const [, above = '', name] = /^(.*\/)?\.wh\.([^/]+)$/s.exec(path) ?? [];
  const place = rawPath(root, name === undefined ? path : `${above}${name}`);
  const found = await lstat(place).catch(() => undefined);
  const merges = name === undefined && kind === 'directory' && found?.isDirectory() === true;
  if (found !== undefined && !merges) await rm(place, { recursive: true });
}

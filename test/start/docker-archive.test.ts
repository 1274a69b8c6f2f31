import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hexOf } from '../../src/oci/digest.ts';
import { dockerArchive } from '../../src/start/docker-archive.ts';
import { labelText, memoryStore, SIGNAL, someLayer } from './memory-store.ts';

describe('dockerArchive', () => {
  it('holds the config, the list of all layers and the bytes of the missing ones', async () => {
    const store = memoryStore({ kind: 'layout', directory: '/nowhere' });
    const layers = ['base', 'task', 'same', 'same'].map(someLayer);
    const manifest = store.add('t', { layers, label: labelText() });
    const archive = dockerArchive({ manifest, presentLayers: 2, repositoryTag: 'preheat:1' }, store, SIGNAL);
    const files = await unpacked(archive);
    const names = manifest.layers.map(({ digest }) => `${hexOf(digest)}.tar`);
    const config = `${hexOf(manifest.config.digest)}.json`;
    assert.deepEqual(new Set(files.keys()), new Set([config, 'manifest.json', names[2]]));
    assert.deepEqual(JSON.parse(files.get('manifest.json') ?? ''), [
      { Config: config, RepoTags: ['preheat:1'], Layers: names },
    ]);
    assert.equal(files.get(names[2] ?? ''), 'same');
    assert.equal(store.asked.filter((call) => call.startsWith('open')).length, 2, 'config and one layer');
  });
});

async function unpacked(archive: AsyncIterable<Uint8Array>): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'preheat-archive-'));
  try {
    await writeFile(`${folder}.tar`, archive);
    await promisify(execFile)('tar', ['-xf', `${folder}.tar`, '-C', folder]);
    const names = await readdir(folder);
    return new Map(
      await Promise.all(
        names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const),
      ),
    );
  } finally {
    await Promise.all(
      [folder, `${folder}.tar`].map(async (path) => rm(path, { recursive: true, force: true })),
    );
  }
}

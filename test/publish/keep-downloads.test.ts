import assert from 'node:assert/strict';
import { mkdtempDisposable, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLayoutStore } from '../../src/adapters/layout/layout-store.ts';
import { openBlobSource } from '../../src/adapters/oras/blob-source.ts';
import { createLayoutCopier } from '../../src/adapters/oras/layout-copier.ts';
import { openRegistryStore } from '../../src/adapters/oras/registry-store.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import type { CacheLayer, DownloadCache } from '../../src/observe/download-cache.ts';
import { readDownloadCache } from '../../src/observe/read-download-cache.ts';
import { ANNOTATION } from '../../src/oci/annotations.ts';
import type { ContentStore } from '../../src/oci/content-store.ts';
import { hexOf, type Digest } from '../../src/oci/digest.ts';
import type { Location } from '../../src/oci/location.ts';
import { downloadCacheTag } from '../../src/oci/tags.ts';
import { keepDownloads } from '../../src/publish/keep-downloads.ts';
import { stageNote } from '../../src/publish/stage-note.ts';
import type { Uploader } from '../../src/publish/uploader.ts';
import { testOras } from '../support/oras.ts';
import { startRegistry } from '../support/registry.ts';
import { silentLog } from '../support/silent-log.ts';
import { chunks, noise, openTestStaging, testSignal, type TestStaging } from '../support/staged-image.ts';

const PLATFORM = { os: 'linux', architecture: 'amd64' };
const SCOPE = { kind: 'protected', branch: 'main' } as const;
const TAG = downloadCacheTag(SCOPE, PLATFORM);

interface Place extends AsyncDisposable {
  readonly location: Location;
  readonly target: ContentStore & Uploader;
  /** Where the file of a blob lies. */
  fileOf(digest: Digest): string;
}

async function openLayout(): Promise<Place> {
  const folder = await mkdtempDisposable(join(tmpdir(), 'preheat-downloads@'));
  const location = { kind: 'layout', directory: folder.path } as const;
  return {
    location,
    target: openLayoutStore(location, createLayoutCopier(testOras())),
    fileOf: (digest) => join(folder.path, 'blobs', ...digest.split(':')),
    [Symbol.asyncDispose]: () => folder.remove(),
  };
}

async function openRegistry(): Promise<Place> {
  const registry = await startRegistry();
  const location = { kind: 'registry', registry: registry.host, repository: 'team/app' } as const;
  const blobs = join(registry.storage, 'docker/registry/v2/blobs/sha256');
  return {
    location,
    target: openRegistryStore(location, testOras()),
    fileOf: (digest) => join(blobs, hexOf(digest).slice(0, 2), hexOf(digest), 'data'),
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}

for (const [name, open] of [
  ['an OCI layout', openLayout],
  ['a registry', openRegistry],
] as const) {
  describe(`a download cache in ${name}`, () => {
    const options = { signal: testSignal() };
    let place: Place;
    let staged: TestStaging;
    let said: ReturnType<typeof silentLog>;
    before(async () => {
      place = await open();
    });
    after(async () => {
      await place[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      staged = await openTestStaging();
      said = silentLog();
    });
    afterEach(async () => {
      await staged[Symbol.asyncDispose]();
    });

    const layerOf = async (seed: number): Promise<CacheLayer> => {
      const { role: _, ...layer } = await staged.staging.addLayer(
        'task',
        chunks(noise(seed, 50_000)),
        options,
      );
      return { ...layer, unpacked: 50_000 };
    };
    const cacheOf = (...layers: readonly CacheLayer[]): DownloadCache => ({
      schemaVersion: 1,
      scope: SCOPE,
      commit: 'c'.repeat(40),
      tools: [
        {
          tool: 'npm',
          folders: ['/root/.npm/_cacache'],
          above: { '/root': 0o700 },
          owner: { uid: 0, gid: 0 },
          layers: [...layers],
        },
      ],
    });
    const ports = () => ({ staging: staged.staging, target: place.target, log: said.log });
    const keep = (cache: DownloadCache, tag = TAG) =>
      keepDownloads({ tag, platform: PLATFORM, cache }, ports(), options);
    const read = (...tags: readonly string[]) => readDownloadCache(tags, ports(), options);
    const fetch = async (layer: CacheLayer, directory: string) =>
      openBlobSource(place.location, testOras()).fetchBlob(layer, directory, options);

    it('is read as it was kept, layers checked; what the target has is not sent again', async () => {
      const [one, two] = [await layerOf(1), await layerOf(2)];
      assert.equal((await keep(cacheOf(one)))?.bytes, one.size + (await configSize(one)));
      assert.deepEqual(await read('cache-branch.none', TAG), cacheOf(one));
      await using next = await openTestStaging();
      assert.equal(await fetch(one, next.staging.directory), true);
      const bytes = await Array.fromAsync(next.staging.readLayer(one));
      assert.deepEqual(
        Buffer.concat(bytes),
        Buffer.concat(await Array.fromAsync(staged.staging.readLayer(one))),
      );

      const more = cacheOf(one, two);
      assert.equal((await keep(more))?.bytes, two.size + (await configSize(one, two)));
      assert.deepEqual(await read(TAG), more);
      assert.deepEqual(said.lines, []);
    });

    const configSize = async (...layers: readonly CacheLayer[]): Promise<number> => {
      const found = await place.target.readManifest(TAG, options);
      assert.equal(found?.manifest.layers.length, layers.length);
      return found.manifest.config.size;
    };

    it('gives no layer that is damaged or has gone, nor a part of one', async () => {
      const layer = await layerOf(3);
      await keep(cacheOf(layer));
      await using next = await openTestStaging();
      const { directory } = next.staging;
      const file = place.fileOf(layer.digest);
      const bytes = await readFile(file);
      await writeFile(file, Buffer.from(bytes).fill(0, 100, 200));
      await assert.rejects(fetch(layer, directory), PreheatError);
      await rm(file);
      assert.equal(await fetch(layer, directory), false);
      assert.deepEqual(await readdir(join(directory, 'ingest')), []);
      assert.deepEqual(await readdir(join(directory, 'blobs', 'sha256')), []);
    });

    it('counts as none, with one line, where it cannot be understood', async () => {
      const write = async (text: string): Promise<void> => {
        const annotations = { [ANNOTATION.downloadCache]: text };
        await stageNote({ tag: TAG, platform: PLATFORM, annotations }, staged.staging, options);
        await place.target.upload(staged.staging.directory, TAG, options);
      };
      const newer = JSON.stringify({ schemaVersion: 2 });
      const other = JSON.stringify(cacheOf(await layerOf(4)));
      for (const text of ['{', newer, other]) {
        await write(text);
        assert.equal(await read(TAG), undefined);
      }
      const start = `cannot use the download cache ${TAG}: `;
      assert.deepEqual(said.lines, [
        `${start}it is damaged; treated as none`,
        `${start}a newer preheat wrote it (schema 2); treated as none`,
        `${start}it names other layers than its manifest; treated as none`,
      ]);
    });

    it('is told by one line where it cannot be kept', async () => {
      const layer = await layerOf(5);
      await rm(join(staged.staging.directory, 'blobs', ...layer.digest.split(':')));
      assert.equal(await keep(cacheOf(layer)), undefined);
      assert.equal(said.lines.length, 1);
      assert.match(said.lines[0] ?? '', /^cannot keep what the tasks downloaded: /);
    });
  });
}

describe('readDownloadCache', () => {
  it('treats a store that cannot be asked as one without a cache, but stops when it is to', async () => {
    const said = silentLog();
    const stop = new AbortController();
    const readManifest = async () => {
      throw new PreheatError('no way', { phase: 'observe', code: 'unauthorized' });
    };
    const target = { readManifest } as unknown as ContentStore;
    const ports = { target, log: said.log };
    assert.equal(await readDownloadCache(['a', 'b'], ports, stop), undefined);
    assert.equal(said.lines.length, 2);
    stop.abort();
    await assert.rejects(readDownloadCache(['a'], ports, stop), { name: 'AbortError' });
  });
});

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { PreheatError } from '../../src/kernel/failure.ts';
import { digestOf, hexOf, parseDiffId } from '../../src/oci/digest.ts';
import type { TarEntry } from '../../src/oci/tar-entry.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';
import { importedBaseTag } from '../../src/oci/tags.ts';
import { importBase } from '../../src/publish/import-base.ts';
import { buildOn, contextFile } from '../adapters/engine/buildkit/build-fixture.ts';
import { connectTestEngine, fileEntry, patience, smallImage } from '../support/engine.ts';
import { chunks, noise, openTestStaging, testSignal } from '../support/staged-image.ts';

const signal = testSignal();

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(pieces));
}

/** A layer's tar with one file of this content. */
function layerTar(content: string): Promise<Buffer> {
  return bytesOf(tarOf([fileEntry('etc/motd', content)]));
}

function file(path: string, bytes: Uint8Array): TarEntry {
  return {
    path,
    kind: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 0,
    size: bytes.length,
    open: () => chunks(bytes),
  };
}

function configOf(layers: readonly Uint8Array[]): Buffer {
  const diff_ids = layers.map((layer) => digestOf(layer));
  return Buffer.from(
    JSON.stringify({ os: 'linux', architecture: 'amd64', config: {}, rootfs: { type: 'layers', diff_ids } }),
  );
}

/** The form of engines before 25: a folder for each layer, equal layers as links. */
function olderForm(layers: readonly Buffer[], config: Buffer): AsyncGenerator<Uint8Array> {
  const [lower = Buffer.alloc(0), upper = Buffer.alloc(0)] = layers;
  const manifest = [
    { Config: 'abc.json', RepoTags: null, Layers: ['l1/layer.tar', 'l2/layer.tar', 'l3/layer.tar'] },
  ];
  const link = {
    path: 'l3/layer.tar',
    kind: 'symlink',
    target: '../l1/layer.tar',
    mode: 0o777,
    size: 0,
  } as const;
  return tarOf([
    { path: 'l1', kind: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: 0, size: 0 },
    file('l1/VERSION', Buffer.from('1.0')),
    file('l1/layer.tar', lower),
    file('l2/layer.tar', upper),
    { ...link, uid: 0, gid: 0, mtime: 0 },
    file('abc.json', config),
    file('manifest.json', Buffer.from(JSON.stringify(manifest))),
  ]);
}

/** The form of the containerd store: layers as they lie in the registry. */
function compressedForm(layers: readonly Buffer[], config: Buffer): AsyncGenerator<Uint8Array> {
  const [lower = Buffer.alloc(0), upper = Buffer.alloc(0)] = layers;
  const manifest = [{ Config: 'blobs/sha256/c', Layers: ['blobs/sha256/a', 'blobs/sha256/b'] }];
  return tarOf([
    file('blobs/sha256/a', gzipSync(lower)),
    file('blobs/sha256/b', zstdCompressSync(upper)),
    file('blobs/sha256/c', config),
    file('index.json', Buffer.from('{}')),
    file('manifest.json', Buffer.from(JSON.stringify(manifest))),
  ]);
}

/** The form of engines from 25 on: a layer's file is named by its digest. */
function namedByTar(layers: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  return namedArchive(layers, configOf(layers));
}

function namedArchive(blobs: readonly Buffer[], config: Buffer): AsyncGenerator<Uint8Array> {
  const path = (bytes: Buffer): string => `blobs/sha256/${hexOf(digestOf(bytes))}`;
  const manifest = [{ Config: path(config), Layers: blobs.map(path) }];
  return tarOf([
    ...blobs.map((blob) => file(path(blob), blob)),
    file(path(config), config),
    file('manifest.json', Buffer.from(JSON.stringify(manifest))),
  ]);
}

describe('importBase', () => {
  it('takes an image out of the engine: its config unchanged, its layers by their diff IDs', async () => {
    await using staged = await openTestStaging();
    const id = await smallImage();
    const { baseExporter } = connectTestEngine();
    const imported = await importBase(baseExporter.export(id, patience()), staged.staging, { signal });
    assert.equal(imported.manifest.config.digest, id);
    assert.equal(imported.config.rootfs.diff_ids.length, imported.manifest.layers.length);
    await using again = await openTestStaging();
    const second = await importBase(baseExporter.export(id, patience()), again.staging, { signal });
    assert.deepEqual(second.descriptor, imported.descriptor);
  });

  it('reads the older form, in which equal layers are links', async () => {
    await using staged = await openTestStaging();
    const layers = [await layerTar('lower'), await layerTar('upper')];
    const [lower, upper] = layers;
    assert.ok(lower && upper);
    const config = configOf([lower, upper, lower]);
    const { manifest, config: parsed } = await importBase(olderForm(layers, config), staged.staging, {
      signal,
    });
    assert.deepEqual(
      parsed.rootfs.diff_ids,
      [lower, upper, lower].map((tar) => parseDiffId(digestOf(tar))),
    );
    assert.equal(manifest.layers[0]?.digest, manifest.layers[2]?.digest);
    assert.notEqual(manifest.layers[0]?.digest, manifest.layers[1]?.digest);
    assert.equal(manifest.config.digest, digestOf(config));
  });

  it('gives the same layers for compressed ones, and takes the image ID that it is told', async () => {
    await using staged = await openTestStaging();
    await using plain = await openTestStaging();
    const layers = [await layerTar('lower'), await bytesOf(tarOf([file('big', noise(3, 700_000))]))];
    const imageId = digestOf('as the containerd store names it');
    const options = { signal, imageId };
    const { manifest } = await importBase(compressedForm(layers, configOf(layers)), staged.staging, options);
    const direct = await plain.staging.addLayer('base', chunks(layers[1] ?? Buffer.alloc(0)), { signal });
    assert.equal(manifest.layers[1]?.digest, direct.digest);
    const index = JSON.parse(await bytesOf(readIndex(staged.staging.directory)).then(String));
    const tags = index.manifests.map((entry: { annotations: object }) => Object.values(entry.annotations));
    assert.deepEqual(tags, [[importedBaseTag(imageId)]]);
  });

  it('takes known layers as their registry has them, and stages the others alone', async () => {
    const lower = await bytesOf(tarOf([file('big', noise(5, 3_000_000))]));
    const upper = await layerTar('upper');
    const blob = { digest: digestOf('as the registry has it'), size: 42 };
    const mediaType = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
    const known = new Map([[parseDiffId(digestOf(lower)), { ...blob, mediaType }]]);
    for (const archive of [namedByTar([lower, upper]), namedByTar([upper, lower])]) {
      await using staged = await openTestStaging();
      const { manifest, config } = await importBase(archive, staged.staging, { signal, known });
      const taken = config.rootfs.diff_ids.indexOf(parseDiffId(digestOf(lower)));
      const expected = { ...blob, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' };
      assert.deepEqual(manifest.layers[taken], expected);
      const staging = await readdir(`${staged.staging.directory}/blobs/sha256`);
      assert.ok(staging.includes(hexOf(manifest.layers[1 - taken]?.digest ?? digestOf(''))));
      assert.ok(!staging.includes(hexOf(blob.digest)));
    }
  });

  it('knows a stored blob by its own digest', async () => {
    await using staged = await openTestStaging();
    const tar = await layerTar('only');
    const stored = gzipSync(tar);
    const descriptor = {
      digest: digestOf(stored),
      size: stored.length,
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    };
    const archive = namedArchive([stored], configOf([tar]));
    const known = new Map([[parseDiffId(digestOf(tar)), descriptor]]);
    const { manifest } = await importBase(archive, staged.staging, { signal, known });
    assert.deepEqual(manifest.layers, [descriptor]);
  });

  it("keeps the blobs of the image that an engine's image was built upon", async () => {
    const small = await smallImage();
    const { baseBuilder, baseExporter } = connectTestEngine();
    await using lower = await openTestStaging();
    const from = await importBase(baseExporter.export(small, patience()), lower.staging, { signal });
    const known = new Map(
      from.config.rootfs.diff_ids.flatMap((diffId, at) => {
        const descriptor = from.manifest.layers[at];
        return descriptor === undefined
          ? []
          : [[diffId, { ...descriptor, size: descriptor.size + at }] as const];
      }),
    );
    const { outcome } = await buildOn(
      {
        dockerfile: ['FROM ', { reference: 'small', digest: small, source: 'engine' }, '\nCOPY a /a\n'],
        context: [contextFile('a', 'new')],
      },
      { builder: baseBuilder },
    );
    assert.ok(outcome.kind === 'built');
    await using image = outcome.image;
    await using upper = await openTestStaging();
    const built = await importBase(baseExporter.export(image.id, patience()), upper.staging, {
      signal,
      known,
    });
    assert.deepEqual(built.manifest.layers.slice(0, -1), [...known.values()]);
    assert.equal(built.manifest.layers.length, known.size + 1);
    const staged = await readdir(`${upper.staging.directory}/blobs/sha256`);
    assert.equal(staged.length, 3);
  });

  for (const [name, archive] of [
    ['no manifest.json', () => tarOf([file('x', Buffer.from('{}'))])],
    [
      'other layers than the config lists',
      async function* () {
        const layers = [await layerTar('lower'), await layerTar('upper')];
        yield* compressedForm(layers, configOf([Buffer.from('other'), Buffer.from('layers')]));
      },
    ],
    ['bytes that are no tar', () => chunks(noise(1, 2_000))],
    [
      'a stream that ends too early',
      async function* () {
        const whole = await bytesOf(olderForm([await layerTar('a'), await layerTar('b')], Buffer.from('{}')));
        yield whole.subarray(0, 2_500);
      },
    ],
  ] as const) {
    it(`refuses an archive with ${name}`, async () => {
      await using staged = await openTestStaging();
      await assert.rejects(importBase(archive(), staged.staging, { signal }), (thrown) => {
        assert.ok(thrown instanceof PreheatError, String(thrown));
        assert.match(thrown.message, /^cannot import the base image from the engine: ./);
        return thrown.phase === 'build' && thrown.code === 'corrupt';
      });
    });
  }

  it('passes on what the engine throws', async () => {
    await using staged = await openTestStaging();
    const failure = new PreheatError('cannot reach the engine', { phase: 'build', code: 'engine' });
    const archive = (async function* () {
      yield (await layerTar('a')).subarray(0, 700);
      throw failure;
    })();
    await assert.rejects(importBase(archive, staged.staging, { signal }), failure);
  });
});

async function* readIndex(directory: string): AsyncGenerator<Uint8Array> {
  const { readFile } = await import('node:fs/promises');
  yield await readFile(`${directory}/index.json`);
}

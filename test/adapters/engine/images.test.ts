import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { PreheatError } from '../../../src/kernel/failure.ts';
import { digestOf, parseDiffId, type DiffId } from '../../../src/oci/digest.ts';
import { tarOf } from '../../../src/oci/tar-writer.ts';
import {
  bareDocker,
  connectTestEngine,
  fileEntry,
  importImage,
  patience,
  runToEnd,
  smallImage,
  SMALL_IMAGE,
  startContainer,
  streamOf,
  uniqueName,
} from '../../support/engine.ts';
import { engineStore } from '../../support/engine-store.ts';

const ABSENT = digestOf('absent');

async function layersOf(image: string): Promise<readonly DiffId[]> {
  const { RootFS } = await bareDocker().getImage(image).inspect();
  return (RootFS.Layers ?? []).map(parseDiffId);
}

describe('the images of the engine', () => {
  const { engine, localImages, workspaceImages, baseExporter } = connectTestEngine();

  it('are found by name with ID and platform, and never pulled', async () => {
    const found = await localImages.find(SMALL_IMAGE, patience());
    assert.match(found?.id ?? '', /^sha256:[0-9a-f]{64}$/);
    assert.equal(found?.platform.os, 'linux');
    assert.equal(await localImages.find('registry.invalid/none:1', patience()), undefined);
  });

  it('that were made here are not from a registry, as far as the store can tell', async () => {
    await using made = await importImage(tarOf([fileEntry('a', 'a')]));
    const isUnknown = (await engineStore()) === 'containerd';
    assert.equal((await localImages.find(made.name, patience()))?.fromRegistry, isUnknown);
  });

  it('are found by the digest of their config', async () => {
    const id = await smallImage();
    assert.equal(await workspaceImages.find(digestOf('other'), patience()), undefined);
    const config = (await localImages.find(SMALL_IMAGE, patience()))?.id;
    assert.ok(config);
    assert.equal(await workspaceImages.find(config, patience()), id);
  });

  it('are exported as docker save does, or told as missing', async () => {
    const seen: string[] = [];
    for await (const chunk of baseExporter.export(await smallImage(), patience())) {
      seen.push(Buffer.from(chunk).toString('latin1'));
    }
    assert.match(seen.join(''), /manifest\.json/);
    await assert.rejects(Array.fromAsync(baseExporter.export(ABSENT, patience())), (thrown) => {
      assert.ok(thrown instanceof PreheatError);
      assert.deepEqual([thrown.phase, thrown.code], ['build', 'not-found']);
      return true;
    });
  });

  it('may be left in the middle of an export', async () => {
    for await (const chunk of baseExporter.export(await smallImage(), patience())) {
      assert.ok(chunk.length > 0);
      break;
    }
  });

  it('count as bottom layers of another image', async () => {
    const layers = await layersOf(SMALL_IMAGE);
    const other = parseDiffId(ABSENT);
    const count = async (diffIds: readonly DiffId[]): Promise<number> =>
      workspaceImages.countPresentLayers(diffIds, patience());
    const isCounted = (await engineStore()) === 'docker';
    assert.equal(await count([...layers, other, other]), isCounted ? layers.length : 0);
    assert.equal(await count([other, ...layers]), 0);
    assert.equal(await count([]), 0);
  });

  it('grow by the layers that they lack, where the store knows layers by their chain', async () => {
    if ((await engineStore()) === 'containerd') {
      const { archive } = await deltaArchive(`${uniqueName('preheat-test')}:1`);
      await assert.rejects(workspaceImages.load(archive, patience()), { code: 'engine' });
      return;
    }
    const tag = `${uniqueName('preheat-test')}:1`;
    const { archive, configDigest, diffIds } = await deltaArchive(tag);
    const before = await workspaceImages.countPresentLayers(diffIds, patience());
    assert.equal(before, diffIds.length - 1);
    await workspaceImages.load(archive, patience());
    try {
      assert.equal(await workspaceImages.countPresentLayers(diffIds, patience()), diffIds.length);
      const image = await workspaceImages.find(configDigest, patience());
      assert.ok(image);
      await using container = await startContainer(engine, { image });
      assert.equal((await runToEnd(container, ['cat', '/delta'])).stdout, 'delta of the test');
    } finally {
      await bareDocker().getImage(tag).remove({ force: true });
    }
  });

  it('do not grow by an archive that is none', async () => {
    const noArchive = tarOf([
      fileEntry('manifest.json', '[{"Config":"none.json","RepoTags":[],"Layers":[]}]'),
    ]);
    await assert.rejects(workspaceImages.load(noArchive, patience()), (thrown) => {
      assert.ok(thrown instanceof PreheatError);
      assert.match(thrown.message, /^cannot load the workspace image into the engine: .*none\.json/);
      assert.deepEqual([thrown.phase, thrown.code], ['start', 'engine']);
      return true;
    });
  });

  it('take their volumes along when a container goes', async () => {
    const docker = bareDocker();
    await using made = await importImage(tarOf([fileEntry('file', 'content')]), ['VOLUME /data']);
    const label = uniqueName('volumes');
    const volumesOf = async (): Promise<readonly string[]> => {
      const [container] = await docker.listContainers({ all: true, filters: { label: [`test=${label}`] } });
      return (container?.Mounts ?? []).flatMap(({ Name }) => Name ?? []);
    };
    let volumes: readonly string[] = [];
    {
      await using container = await engine.createContainer(
        { image: made.name, entrypoint: ['/none'], labels: { test: label }, network: 'none' },
        patience(),
      );
      volumes = await volumesOf();
      assert.equal(volumes.length, 1, container.id);
    }
    await assert.rejects(docker.getVolume(volumes[0] ?? '').inspect(), /no such volume/i);
  });
});

/** A docker-archive of the small image plus one layer, without the layers that the engine has. */
async function deltaArchive(tag: string): Promise<{
  readonly archive: AsyncIterable<Uint8Array>;
  readonly configDigest: ReturnType<typeof digestOf>;
  readonly diffIds: readonly DiffId[];
}> {
  const files = [
    fileEntry('delta', 'delta of the test'),
    fileEntry('noise', randomBytes(16).toString('hex')),
  ];
  const layer = Buffer.concat(await Array.fromAsync(tarOf(files)));
  const below = await layersOf(SMALL_IMAGE);
  const diffIds = [...below, parseDiffId(digestOf(layer))];
  const { Architecture } = await bareDocker().getImage(SMALL_IMAGE).inspect();
  const config = JSON.stringify({
    architecture: Architecture,
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: diffIds.map(() => ({ created_by: 'test' })),
  });
  const layers = [...below.map((_, index) => `absent-${index}.tar`), 'delta.tar'];
  const manifest = JSON.stringify([{ Config: 'config.json', RepoTags: [tag], Layers: layers }]);
  const layerEntry = { size: layer.length, open: () => streamOf(layer) };
  return {
    archive: tarOf([
      fileEntry('manifest.json', manifest),
      fileEntry('config.json', config),
      fileEntry('delta.tar', '', layerEntry),
    ]),
    configDigest: digestOf(config),
    diffIds,
  };
}

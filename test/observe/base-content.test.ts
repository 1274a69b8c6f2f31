import assert from 'node:assert/strict';
import { readBaseContent } from '../../src/observe/base-content.ts';
import type { ContentStore } from '../../src/oci/content-store.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { Manifest } from '../../src/oci/manifest.ts';
import { MEDIA_TYPE } from '../../src/oci/media-types.ts';

const BASE = { reference: 'docker.io/library/odd:1', digest: digestOf('odd'), source: 'registry' } as const;
const PLATFORM = { os: 'linux', architecture: 'amd64' };
const LAYER = { mediaType: MEDIA_TYPE.dockerLayerGzip, digest: digestOf('layer'), size: 5 };

/** Reads a base that is a lone manifest with this config. */
function read(config: object, layers: Manifest['layers'] = [LAYER]) {
  const bytes = Buffer.from(JSON.stringify(config));
  const blob = { mediaType: MEDIA_TYPE.dockerConfig, digest: digestOf(bytes), size: bytes.length };
  const descriptor = { mediaType: MEDIA_TYPE.dockerManifest, digest: BASE.digest, size: 9 };
  const store: Pick<ContentStore, 'readManifest' | 'readBlob'> = {
    readManifest: async () => ({ descriptor, manifest: { schemaVersion: 2, config: blob, layers } }),
    readBlob: async () => bytes,
  };
  const signal = AbortSignal.timeout(10_000);
  return readBaseContent(BASE, store as ContentStore, BASE.digest, { signal, platform: PLATFORM });
}

const configOf = (architecture: string, layers: number) => ({
  os: 'linux',
  architecture,
  rootfs: { type: 'layers', diff_ids: Array.from({ length: layers }, () => digestOf('tar')) },
});

describe('readBaseContent', () => {
  it('says what to do where a digest has gone, as it may be the one that the default branch has pinned', async () => {
    const signal = AbortSignal.timeout(10_000);
    const store: Pick<ContentStore, 'readManifest'> = { readManifest: async () => undefined };
    const reading = readBaseContent(BASE, store as ContentStore, BASE.digest, { signal, platform: PLATFORM });
    await assert.rejects(reading, { code: 'not-found', hint: /--base-refresh always/ });
  });

  it('takes Docker media types, the same layer twice and no layer at all', async () => {
    assert.deepEqual((await read(configOf('amd64', 1))).manifest.layers, [LAYER]);
    assert.equal((await read(configOf('amd64', 2), [LAYER, LAYER])).config.rootfs.diff_ids.length, 2);
    assert.deepEqual((await read(configOf('amd64', 0), [])).manifest.layers, []);
    for (const rootfs of [{ type: 'layers' }, { type: 'layers', diff_ids: null }]) {
      const { config } = await read({ ...configOf('amd64', 0), rootfs }, []);
      assert.deepEqual(config.rootfs.diff_ids, []);
    }
  });

  it('refuses a lone manifest of another platform', async () => {
    await assert.rejects(read(configOf('arm64', 1)), {
      message:
        'cannot use base image docker.io/library/odd:1: it is made for linux/arm64, not for linux/amd64',
      phase: 'observe',
    });
  });

  it('refuses a base that leaves no room for our layers, and a workspace image', async () => {
    const many = (count: number) =>
      read(
        configOf('amd64', count),
        Array.from({ length: count }, () => LAYER),
      );
    assert.equal((await many(95)).manifest.layers.length, 95);
    await assert.rejects(many(96), {
      phase: 'observe',
      message: /it has 96 layers, which leaves no room for ours: 95/,
    });
    const labelled = { ...configOf('amd64', 1), config: { Labels: { 'dev.preheat.workspace': '{}' } } };
    await assert.rejects(read(labelled), {
      phase: 'observe',
      message: /it is a workspace image that preheat made/,
    });
  });

  it('refuses what is no image, or holds together badly', async () => {
    await assert.rejects(read({ name: 'chart' }), { code: 'corrupt', message: /no OCI image config/ });
    await assert.rejects(read(configOf('amd64', 2)), {
      code: 'corrupt',
      message: /another number of layers/,
    });
  });
});

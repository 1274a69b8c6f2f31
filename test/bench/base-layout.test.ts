import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { takeBase } from '../../bench/base-layout.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { SMALL_IMAGE } from '../support/engine.ts';
import { startRegistry } from '../support/registry.ts';

const Manifest = z.object({
  mediaType: z.string(),
  config: z.object({ digest: z.string() }),
  layers: z.array(z.object({ mediaType: z.string(), digest: z.string() })),
});
const Config = z.object({ rootfs: z.object({ diff_ids: z.array(z.string()) }) });
const ACCEPT = 'application/vnd.oci.image.manifest.v1+json';

describe('a base for a registry under test', () => {
  it('is the engine’s image with compressed layers', async () => {
    await using registry = await startRegistry();
    await using base = await takeBase(SMALL_IMAGE);
    await base.pushTo(`${registry.host}/base/small:1`);
    const read = async (path: string): Promise<Buffer> => {
      const url = `http://${registry.host}/v2/base/small/${path}`;
      const answer = await fetch(url, { headers: { accept: ACCEPT } });
      assert.equal(answer.status, 200, url);
      return Buffer.from(await answer.arrayBuffer());
    };
    const manifest = Manifest.parse(JSON.parse((await read('manifests/1')).toString()));
    assert.deepEqual(
      manifest.layers.map(({ digest }) => digest),
      base.layers,
    );
    const { rootfs } = Config.parse(JSON.parse((await read(`blobs/${manifest.config.digest}`)).toString()));
    const unpacked: string[] = [];
    for (const { mediaType, digest } of manifest.layers) {
      assert.match(mediaType, /\+gzip$/);
      const blob = await read(`blobs/${digest}`);
      assert.equal(digestOf(blob), digest);
      unpacked.push(digestOf(gunzipSync(blob)));
    }
    assert.deepEqual(unpacked, rootfs.diff_ids);
    assert.ok(unpacked.length > 0);
  });

  it('leaves nothing when it is given back', async () => {
    const base = await takeBase(SMALL_IMAGE);
    assert.ok(existsSync(base.folder));
    await base[Symbol.asyncDispose]();
    assert.ok(!existsSync(base.folder));
  });
});

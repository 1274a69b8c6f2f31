import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { digestOf } from '../../src/oci/digest.ts';
import { MEDIA_TYPE } from '../../src/oci/media-types.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';

/** Pushes an image of one empty file to a registry on loopback and returns its name. Nothing in it can run. */
export async function pushTinyImage(host: string, name = 'tiny:1'): Promise<string> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-tiny-'));
  const entry = { path: 'empty', kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, size: 0 } as const;
  const tar = Buffer.concat(await Array.fromAsync(tarOf([entry])));
  const layer = gzipSync(tar);
  const config = {
    os: 'linux',
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    config: {},
    rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
  };
  await writeFile(join(folder.path, 'layer.tar.gz'), layer);
  await writeFile(join(folder.path, 'config.json'), JSON.stringify(config));
  const image = `${host}/${name}`;
  const words = [
    'push',
    '--plain-http',
    '--no-tty',
    '--image-spec',
    'v1.0',
    '--config',
    `config.json:${MEDIA_TYPE.config}`,
  ];
  await execa('oras', [...words, image, `layer.tar.gz:${MEDIA_TYPE.layerGzip}`], { cwd: folder.path });
  return image;
}

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { execa } from 'execa';
import { z } from 'zod';

const Descriptor = z.looseObject({ mediaType: z.string(), digest: z.string(), size: z.number() });
type Descriptor = z.infer<typeof Descriptor>;
const Manifest = z.looseObject({ mediaType: z.string(), layers: z.array(Descriptor) });
const Index = z.looseObject({ manifests: z.array(Descriptor) });

const PLAIN_TAR = 'application/vnd.oci.image.layer.v1.tar';

/** A base image as registries have it, its layers compressed, in an OCI layout that goes when it is disposed of. */
export interface BaseLayout extends AsyncDisposable {
  readonly folder: string;
  /** Digests of its layers. */
  readonly layers: readonly string[];
  /** Puts it into a registry on loopback. */
  pushTo(target: string): Promise<void>;
}

/**
 * Takes an image out of the engine, which pulls it where it lacks it. `docker save` leaves layers uncompressed where
 * the engine keeps them unpacked, and no registry that people pull bases from has such ones.
 */
export async function takeBase(image: string): Promise<BaseLayout> {
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'preheat-base-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  const { failed } = await execa('docker', ['image', 'inspect', image], { reject: false });
  if (failed) await execa('docker', ['pull', '--quiet', image]);
  const archive = join(folder, 'image.tar');
  await execa('docker', ['save', '--output', archive, image]);
  await execa('tar', ['--extract', '--file', archive, '--directory', folder]);
  await rm(archive);
  const { digest, layers } = await compressed(folder);
  const owned = undo.move();
  return {
    folder,
    layers,
    pushTo: async (target) => {
      const words = ['cp', '--no-tty', '--from-oci-layout', '--to-plain-http'];
      await execa('oras', [...words, `${folder}@${digest}`, target]);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Compresses the layers of a layout's one image; returns the digests of its manifest and of its layers. */
async function compressed(
  folder: string,
): Promise<{ readonly digest: string; readonly layers: readonly string[] }> {
  const index = Index.parse(JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')));
  const [found] = index.manifests;
  if (found === undefined) throw new Error('docker save left no manifest');
  const manifest = Manifest.parse(JSON.parse(await readFile(blobPath(folder, found.digest), 'utf8')));
  const layers: Descriptor[] = [];
  for (const layer of manifest.layers) layers.push(await compressedLayer(folder, layer));
  const text = JSON.stringify({ ...manifest, layers });
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  await writeFile(blobPath(folder, digest), text);
  const entry = { mediaType: manifest.mediaType, digest, size: Buffer.byteLength(text) };
  await writeFile(join(folder, 'index.json'), JSON.stringify({ ...index, manifests: [entry] }));
  return { digest, layers: layers.map((layer) => layer.digest) };
}

async function compressedLayer(folder: string, layer: Descriptor): Promise<Descriptor> {
  if (layer.mediaType !== PLAIN_TAR) return layer;
  const sha256 = createHash('sha256');
  let size = 0;
  const path = join(folder, 'compressing');
  await pipeline(
    createReadStream(blobPath(folder, layer.digest)),
    createGzip(),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        sha256.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(path),
  );
  const digest = `sha256:${sha256.digest('hex')}`;
  await rename(path, blobPath(folder, digest));
  return { mediaType: `${PLAIN_TAR}+gzip`, digest, size };
}

function blobPath(folder: string, digest: string): string {
  return join(folder, 'blobs', ...digest.split(':'));
}

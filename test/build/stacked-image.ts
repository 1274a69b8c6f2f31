import Docker from 'dockerode';
import type { Container, Engine } from '../../src/build/engine.ts';
import type { CallOptions } from '../../src/oci/content-store.ts';
import { digestOf, hexOf } from '../../src/oci/digest.ts';
import type { Layer } from '../../src/oci/layer.ts';
import type { Staging } from '../../src/oci/staging.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';
import type { WorkspaceImages } from '../../src/start/workspace-engine.ts';
import { BASE, sourceEntry } from './step-run.ts';

/** An image of the base and layers above it, in the engine until it is disposed of. */
export interface StackedImage extends AsyncDisposable {
  readonly id: string;
}

/** Loads an image whose upper layers come out of a staging layout; the engine has the base's. */
export async function stackImage(
  layers: readonly Layer[],
  { images, staging }: { readonly images: WorkspaceImages; readonly staging: Staging },
  options: CallOptions,
  imageConfig: object = {},
): Promise<StackedImage> {
  const docker = new Docker();
  const base = await docker.getImage(BASE).inspect();
  const diffIds = [...(base.RootFS.Layers ?? []), ...layers.map(({ diffId }) => diffId)];
  const config = JSON.stringify({
    architecture: base.Architecture,
    os: base.Os,
    config: imageConfig,
    rootfs: { type: 'layers', diff_ids: diffIds },
    // Tells images of parallel tests apart, so that none is removed under another.
    author: crypto.randomUUID(),
  });
  const names = diffIds.map((_, index) => `layer-${index}`);
  const manifest = JSON.stringify([{ Config: 'config.json', RepoTags: [], Layers: names }]);
  const first = diffIds.length - layers.length;
  const blobs = await Promise.all(
    layers.map(async (layer) => Buffer.concat(await Array.fromAsync(staging.readLayer(layer)))),
  );
  const archive = tarOf([
    sourceEntry('manifest.json', { text: manifest }),
    sourceEntry('config.json', { text: config }),
    ...blobs.map((blob, index) => ({
      ...sourceEntry(names[first + index] ?? '', {}),
      size: blob.byteLength,
      open: async function* open() {
        yield blob;
      },
    })),
  ]);
  await images.load(archive, options);
  const id = digestOf(config);
  return {
    id: `sha256:${hexOf(id)}`,
    async [Symbol.asyncDispose]() {
      await docker.getImage(id).remove({ force: true });
    },
  };
}

/**
 * What can be seen of a file system, a line for each path: type, mode, owner, size and mtime (of folders only where
 * `timed` says so), links, and a checksum of each file. Left out is what no layer holds.
 */
const DUMP = String.raw`
export LC_ALL=C
find / -xdev -mindepth 1 \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /run -o -path /.dockerenv \
  -o -path /etc/hosts -o -path /etc/hostname -o -path /etc/resolv.conf -o -path '*/sbin/docker-init' \) -prune -o \
  \( -type d -printf '%P %y %m %U:%G\0' -o -printf '%P %y %m %U:%G %s %T@ %l %n\0' \)
find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /run \) -prune -o -type f -newermt 2001-01-01 -print0 |
  xargs -0 --no-run-if-empty sha256sum --zero
`;

export async function dumpFiles(container: Container, options: CallOptions): Promise<readonly string[]> {
  const { stdout, stderr, exitCode } = await container.exec(
    { command: ['bash', '-c', DUMP], user: '0:0' },
    options,
  );
  const [output, complaints] = await Promise.all([Array.fromAsync(stdout), Array.fromAsync(stderr)]);
  const code = await exitCode;
  if (code !== 0) throw new Error(`dump failed with ${code}: ${Buffer.concat(complaints).toString()}`);
  return Buffer.concat(output).toString('latin1').split('\0').toSorted();
}

/** Starts a container of a stacked image, for dumps. */
export async function startStacked(engine: Engine, image: string, options: CallOptions): Promise<Container> {
  const labels = { 'dev.preheat.test': 'stacked' };
  const container = await engine.createContainer(
    { image, entrypoint: ['sleep', 'infinity'], labels, network: 'none' },
    options,
  );
  await container.start(options);
  return container;
}

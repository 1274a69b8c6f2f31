import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { elfInterpreterOf } from '../../src/adapters/toolbox/elf-interpreter.ts';
import { parseLoaderListing } from '../../src/adapters/toolbox/loader-listing.ts';
import { FOUNDATION } from './base-image.ts';
import { dumpContainer } from './dump-container.ts';
import type { FileTree } from './file-tree.ts';
import { stackLayers } from './stack-layers.ts';

/** Fetches a published image into an OCI layout, tag `image`, by oras. */
export async function fetchLayout(image: string, directory: string): Promise<void> {
  await execa('oras', [
    'cp',
    '--no-tty',
    '--from-plain-http',
    '--to-oci-layout',
    image,
    `${directory}:image`,
  ]);
}

/** What the layers of a fetched image say, without anybody's unpacking. */
export async function seenInLayers(layout: string): Promise<FileTree> {
  const { stdout } = await execa('oras', ['manifest', 'fetch', '--oci-layout', `${layout}:image`]);
  const { layers }: { layers: readonly { digest: string }[] } = JSON.parse(stdout);
  const blobs = await Promise.all(
    layers.map(({ digest }) => readFile(join(layout, 'blobs', digest.replace(':', '/')))),
  );
  return stackLayers(blobs.map((blob) => (blob[0] === 0x1f && blob[1] === 0x8b ? gunzipSync(blob) : blob)));
}

/** What a container of the image has that the engine pulls and unpacks. */
export async function seenByDocker(image: string): Promise<FileTree> {
  await execa('docker', ['pull', '--quiet', image]);
  try {
    await using container = await startWaiting(image);
    return await dumpContainer(container.id);
  } finally {
    await execa('docker', ['rmi', image]);
  }
}

/** What umoci unpacks as root, in a container of its own, so that this needs no root here. */
export async function seenByUmoci(layout: string): Promise<FileTree> {
  await using container = await startWaiting(FOUNDATION);
  const copy = (from: string, to: string) =>
    execa('docker', ['cp', '--follow-link', from, `${container.id}:${to}`]);
  await copy(layout, '/layout');
  const { program, loader, libraries } = await locateUmoci();
  await execa('docker', ['exec', container.id, 'mkdir', '/umoci']);
  for (const file of [program, ...libraries]) await copy(file, '/umoci/');
  await copy(loader, '/umoci/ld.so');
  const command = ['/umoci/ld.so', '--library-path', '/umoci', '/umoci/umoci'];
  const words = ['raw', 'unpack', '--image', '/layout:image', '/unpacked'];
  await execa('docker', ['exec', '--user=0:0', container.id, ...command, ...words]);
  return await dumpContainer(container.id, '/unpacked');
}

interface Located {
  readonly program: string;
  readonly loader: string;
  readonly libraries: readonly string[];
}

async function locateUmoci(): Promise<Located> {
  const { stdout: program } = await execa('sh', ['-c', 'command -v umoci']);
  const loader = elfInterpreterOf(await readFile(program));
  if (loader === undefined) throw new Error(`${program} is linked statically`);
  const { stdout } = await execa(loader, ['--list', program]);
  return { program, loader, libraries: parseLoaderListing(stdout).map(({ path }) => path) };
}

interface Waiting extends AsyncDisposable {
  readonly id: string;
}

async function startWaiting(image: string): Promise<Waiting> {
  const words = [
    '--detach',
    '--network=none',
    '--user=0:0',
    '--entrypoint=sleep',
    '--label=dev.preheat.test=fidelity',
  ];
  const { stdout: id } = await execa('docker', ['run', ...words, image, 'infinity']);
  return {
    id,
    async [Symbol.asyncDispose]() {
      await execa('docker', ['rm', '--force', '--volumes', id]);
    },
  };
}

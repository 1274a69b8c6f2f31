import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { openStaging } from '../../src/adapters/layout/staging-layout.ts';
import type { CallOptions } from '../../src/oci/content-store.ts';
import type { Layer } from '../../src/oci/layer.ts';
import { MEDIA_TYPE } from '../../src/oci/media-types.ts';
import type { TarEntry } from '../../src/oci/tar-entry.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';
import { pushFromEngine } from '../support/push-from-engine.ts';
import { ACL_ACCESS, ACL_DEFAULT, CAP_NET_RAW, capabilityValue } from './binary-values.ts';

/** What the bases of the suite are built on. */
export const FOUNDATION = 'debian:bookworm';

const HERE = import.meta.dirname;
const LAYOUT_TAG = 'base';

/** The parts that are read here of a manifest and a config. */
interface Foundation {
  readonly manifest: { readonly layers: readonly object[] };
  readonly config: { readonly rootfs: { readonly diff_ids: readonly string[] } };
}

/**
 * Publishes a base image of hard cases to a registry on loopback and returns its name: Debian, a layer with the files
 * of `base.sh`, one that makes `/base/opaque` anew in the opaque way of `docker commit`, and twice each a small layer
 * and an empty one. `directory` is an empty folder that the caller removes.
 */
export async function publishBase(host: string, directory: string, options: CallOptions): Promise<string> {
  const pushed = await pushFromEngine(FOUNDATION, `${host}/base/foundation:1`);
  await execa('oras', [
    'cp',
    '--no-tty',
    '--from-plain-http',
    '--to-oci-layout',
    pushed,
    `${directory}:below`,
  ]);
  const below = await readFoundation(`${directory}:below`);
  const staging = await openStaging(directory, options);
  const add = (tar: AsyncIterable<Uint8Array>): Promise<Layer> => staging.addLayer('task', tar, options);
  const empty = await add(tarOf([]));
  const same = await add(tarOf([entry('base/same')]));
  const files = await add(await filesOf('base.sh'));
  const layers = [files, await add(tarOf(OPAQUE)), same, empty, same, empty];
  const config = {
    ...below.config,
    history: undefined,
    rootfs: {
      type: 'layers',
      diff_ids: [...below.config.rootfs.diff_ids, ...layers.map(({ diffId }) => diffId)],
    },
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.manifest,
    config: await staging.addBlob(MEDIA_TYPE.config, Buffer.from(JSON.stringify(config)), options),
    layers: [
      ...below.manifest.layers,
      ...layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    ],
  };
  await staging.addManifest(LAYOUT_TAG, MEDIA_TYPE.manifest, Buffer.from(JSON.stringify(manifest)), options);
  const name = `${host}/base/hard:1`;
  await execa('oras', [
    'cp',
    '--no-tty',
    '--from-oci-layout',
    '--to-plain-http',
    `${directory}:${LAYOUT_TAG}`,
    name,
  ]);
  return name;
}

const OPAQUE = [
  entry('base/opaque', 'directory'),
  entry('base/opaque/.wh..wh..opq'),
  entry('base/opaque/new'),
];

function entry(path: string, kind: 'file' | 'directory' = 'file'): TarEntry {
  return { path, kind, mode: kind === 'file' ? 0o644 : 0o755, uid: 0, gid: 0, mtime: 1_430_000_000, size: 0 };
}

async function readFoundation(reference: string): Promise<Foundation> {
  const words = ['--oci-layout', reference];
  const [manifest, config] = await Promise.all([
    execa('oras', ['manifest', 'fetch', ...words]),
    execa('oras', ['manifest', 'fetch-config', ...words]),
  ]);
  return { manifest: JSON.parse(manifest.stdout), config: JSON.parse(config.stdout) };
}

/** The tar that a script writes in a container of its own. */
async function filesOf(script: string): Promise<AsyncIterable<Uint8Array>> {
  const variables = {
    SETATTR: await readFile(join(HERE, 'setattr.pl'), 'utf8'),
    ACL_ACCESS,
    ACL_DEFAULT,
    CAPABILITY: capabilityValue(CAP_NET_RAW),
  };
  const env = Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const { stdout } = await execa(
    'docker',
    ['run', '--rm', '--interactive', '--network=none', ...env, FOUNDATION, 'bash'],
    { input: await readFile(join(HERE, script)), encoding: 'buffer' },
  );
  return (async function* once() {
    yield stdout;
  })();
}

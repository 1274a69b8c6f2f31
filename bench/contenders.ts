import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

/** What one push is built with, and where. */
export interface Surroundings {
  readonly directory: string;
  /** `host:port` of the registry. */
  readonly registry: string;
  readonly dockerHost: string;
}

/** A way to make an image of a push and publish it; returns the digest of what is published. */
export interface Contender {
  readonly name: string;
  push(around: Surroundings): Promise<string>;
}

/** Certificates that this machine trusts beside the usual ones; tasks on it need them too. */
const CERTIFICATES = process.env['NODE_EXTRA_CA_CERTS'];

export const PREHEAT: Contender = {
  name: 'preheat build',
  async push({ directory, registry, dockerHost }) {
    const certificates = CERTIFICATES === undefined ? [] : ['--ca-bundle', CERTIFICATES];
    const words = [
      'build',
      '--registry',
      `${registry}/preheat/app`,
      '--docker-host',
      dockerHost,
      '--network',
      'host',
    ];
    await execa(process.execPath, [MAIN, ...words, ...certificates], { cwd: directory });
    const outcome = JSON.parse(await readFile(join(directory, '.preheat', 'outcome.json'), 'utf8')) as {
      digest: string;
    };
    return outcome.digest;
  },
};

export const BUILDX: Contender = {
  name: 'docker buildx build --push, inline cache',
  async push({ directory, registry, dockerHost }) {
    const image = `${registry}/buildx/app:latest`;
    const cache = ['--cache-to', 'type=inline', '--cache-from', `type=registry,ref=${image}`];
    const secret = ['--secret', `id=ca,src=${CERTIFICATES ?? '/dev/null'}`];
    const metadata = join(directory, '..', 'metadata.json');
    const words = [
      'buildx',
      'build',
      '--push',
      '--network',
      'host',
      '--tag',
      image,
      '--metadata-file',
      metadata,
    ];
    const env = { DOCKER_HOST: dockerHost, BUILDX_BUILDER: 'default' };
    await execa('docker', [...words, ...cache, ...secret, '.'], { cwd: directory, env });
    const written = JSON.parse(await readFile(metadata, 'utf8')) as { 'containerimage.digest': string };
    return written['containerimage.digest'];
  },
};

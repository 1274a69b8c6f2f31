import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { execa } from 'execa';
import { ROOT } from './bundle.ts';
import { readManifest } from './program-folder.ts';

/** The name under which the image of this version is released. */
export async function pipeImageName(): Promise<string> {
  return `preheat/preheat-pipe:${(await readManifest()).version}`;
}

/**
 * Builds the pipe's image by the engine's BuildKit. `context` holds the pipe's folder as `dist/pipe`; by default that is
 * this repository. The engine's own images come before those of registries, stand-ins among them.
 */
export async function buildPipeImage(name: string, context: string = ROOT): Promise<void> {
  const words = ['build', '--quiet', '--tag', name, '--file', join(ROOT, 'Dockerfile'), context];
  await execa('docker', words, { env: { DOCKER_BUILDKIT: '1', BUILDX_BUILDER: 'default' } });
}

/** Which of the images that the Dockerfile names are stand-ins, made where no registry could be reached. */
export async function standInsBelow(): Promise<readonly string[]> {
  const format = '{{index .Config.Labels "preheat.stand-in"}}';
  const names = ['node:24-trixie-slim', 'debian:trixie-slim'];
  const marks = await Promise.all(
    names.map((name) => execa('docker', ['image', 'inspect', '--format', format, name], { reject: false })),
  );
  return names.filter((_, at) => marks[at]?.stdout === 'true');
}

/** About how many bytes a step pulls: those of the image's archive, compressed as engines compress layers. */
export async function compressedSize(name: string): Promise<number> {
  const saving = spawn('docker', ['save', name], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(saving, 'close');
  let size = 0;
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      done();
    },
  });
  await pipeline(saving.stdout, createGzip(), count);
  const [code] = await closed;
  if (code !== 0) throw new Error(`docker save ${name} ended with ${String(code)}`);
  return size;
}

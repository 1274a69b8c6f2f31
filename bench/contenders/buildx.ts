import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { dockerfile, IGNORED, type Manner } from '../dockerfile.ts';
import { CERTIFICATES, type Contender } from './contender.ts';

const Metadata = z.object({ 'containerimage.digest': z.string() });

/** Words that say where a build has its cache, for the image and the reference of a cache of its own. */
type CacheWords = (image: string, cache: string) => readonly string[];

const inline: CacheWords = (image) => words('type=inline', `type=registry,ref=${image}`);
const registry: CacheWords = (_, cache) =>
  words(`type=registry,ref=${cache},mode=max`, `type=registry,ref=${cache}`);

function words(to: string, from: string): readonly string[] {
  return ['--cache-to', to, '--cache-from', from];
}

function buildx(name: string, title: string, manner: Manner, cache: CacheWords, engine?: object): Contender {
  return {
    name,
    title,
    ...(engine !== undefined && { engine, isElsewhere: true }),
    suits: async (subject) => manner === 'naive' || (await subject.recipe()).parts !== undefined,
    async push({ subject, registry, dockerHost, folder, signal }) {
      const file = join(folder, 'Dockerfile');
      const metadata = join(folder, 'metadata.json');
      await writeFile(file, dockerfile(await subject.recipe(), manner));
      await writeFile(`${file}.dockerignore`, IGNORED);
      const image = `${registry}/${name}/app:latest`;
      const words = ['buildx', 'build', '--push', '--network', 'host', '--tag', image, '--file', file];
      const secret = ['--secret', `id=ca,src=${CERTIFICATES ?? '/dev/null'}`];
      const written = ['--metadata-file', metadata, '--progress', 'plain', '--provenance', 'false'];
      await execa(
        'docker',
        [...words, ...cache(image, `${registry}/${name}/cache`), ...secret, ...written, '.'],
        {
          cwd: subject.clone.directory,
          env: { DOCKER_HOST: dockerHost, BUILDX_BUILDER: 'default' },
          cancelSignal: signal,
        },
      );
      const digest = Metadata.parse(JSON.parse(await readFile(metadata, 'utf8')))['containerimage.digest'];
      return { digest };
    },
  };
}

/** `COPY . .` first, with the one cache that the docker driver exports from its own image store. */
export const NAIVE = buildx(
  'naive',
  '`docker buildx build --push`, `COPY . .` first, inline cache',
  'naive',
  inline,
);

/** By hand in the order in which things change, with the same cache. */
export const TUNED = buildx(
  'tuned',
  '`docker buildx build --push`, tuned by hand, inline cache',
  'tuned',
  inline,
);

/** The same with a cache of all its layers, which the docker driver exports from containerd's image store only. */
export const TUNED_MAX = buildx(
  'tuned-max',
  "the same tuned Dockerfile, `--cache-to type=registry,mode=max`, on containerd's image store",
  'tuned',
  registry,
  { features: { 'containerd-snapshotter': true } },
);

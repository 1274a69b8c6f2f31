import { openContextTree } from '../../../src/adapters/git/context-tree.ts';
import type { BaseFacts } from '../../../src/observe/facts.ts';
import type { DockerfileFacts } from '../../../src/observe/dockerfile-facts.ts';
import { observeDockerfile } from '../../../src/observe/dockerfile/observe-dockerfile.ts';
import type { DockerfileSource } from '../../../src/observe/dockerfile/read-inputs.ts';
import { digestOf } from '../../../src/oci/digest.ts';
import { formatReference, parseReference } from '../../../src/oci/reference.ts';
import { baseKey } from '../../../src/plan/base-key.ts';
import type { TestRepository } from '../../adapters/git/git-fixture.ts';
import { silentLog } from '../../support/silent-log.ts';

export const PLATFORM = {
  os: 'linux',
  architecture: process.arch === 'x64' ? 'amd64' : process.arch,
} as const;

export interface ObserveOptions extends Partial<DockerfileSource> {
  /** What names point to; by default each has a digest of its own. */
  readonly images?: Readonly<Record<string, string>>;
  readonly triggers?: Readonly<Record<string, readonly string[]>>;
  readonly commit?: string;
  readonly warn?: (text: string) => void;
  readonly lfs?: 'contents';
}

/** The facts of a Dockerfile at a commit, by default the last one, with registries that are made up. */
export async function factsOf(
  repository: TestRepository,
  options: ObserveOptions = {},
): Promise<DockerfileFacts> {
  const { file = 'Dockerfile', context = '.', args, target } = options;
  const { images = {}, triggers = {}, warn = () => {} } = options;
  return await observeDockerfile(
    { file, context, args, target },
    repository.git('rev-parse', options.commit ?? 'HEAD'),
    {
      tree: openContextTree(repository.path),
      resolve: async (text) => imageNamed(text, images),
      triggersOf: async ({ reference }) => triggers[reference] ?? [],
      log: { ...silentLog().log, warn },
    },
    {
      signal: AbortSignal.timeout(60_000),
      platform: PLATFORM,
      ...(options.lfs && { lfs: options.lfs }),
    },
  );
}

/** The key of a Dockerfile's image. */
export async function keyOf(repository: TestRepository, options: ObserveOptions = {}): Promise<string> {
  return baseKey(await factsOf(repository, options), PLATFORM);
}

function imageNamed(text: string, images: Readonly<Record<string, string>>): BaseFacts {
  const reference = formatReference(parseReference(text));
  return { reference, digest: digestOf(images[text] ?? text), source: 'registry' };
}

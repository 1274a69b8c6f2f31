import type { Log } from '../../kernel/log.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { digestOf } from '../../oci/digest.ts';
import type { Platform } from '../../oci/platform.ts';
import type { DockerfileFacts } from '../dockerfile-facts.ts';
import type { BaseFacts } from '../facts.ts';
import { analyse, type TriggersOf } from './analyse.ts';
import type { ContextTree } from './context-tree.ts';
import { inputsDigest } from './inputs-digest.ts';
import { isFolder } from './left-folders.ts';
import type { DockerfileSource } from './read-inputs.ts';
import { refuseUnlaid } from './refuse-unlaid.ts';

export interface DockerfilePorts {
  readonly tree: ContextTree;
  readonly triggersOf: TriggersOf;
  /** Pins an image that the Dockerfile names. */
  readonly resolve: (reference: string, options: CallOptions) => Promise<BaseFacts>;
  readonly log: Log;
}

/**
 * Reads everything that the image of a Dockerfile depends on, from the commit's tree and never from the working tree.
 * Throws a `PreheatError`: config for a Dockerfile that is not there or whose images cannot be told, observe for what
 * cannot be read or resolved.
 */
export async function observeDockerfile(
  source: DockerfileSource,
  commit: string,
  { tree, triggersOf, resolve, log }: DockerfilePorts,
  options: CallOptions & { readonly platform: Platform; readonly lfs?: 'pointers' | 'contents' },
): Promise<DockerfileFacts> {
  const { file, context, args, target } = source;
  const found = await analyse(source, commit, { tree, triggersOf, imageOf: resolve }, options);
  const folder = context === '.' ? '' : `${Buffer.from(context).toString('latin1')}/`;
  const paths = found.selected.filter((entry) => !isFolder(entry)).map(({ path }) => `${folder}${path}`);
  const attributes = await tree.attributes(commit, paths, options);
  refuseUnlaid(file, found.selected, attributes, { lfs: options.lfs ?? 'pointers', log });
  const images = new Map([...found.images.values()].map((image) => [image.reference, image]));
  return {
    schemaVersion: 1,
    file,
    context,
    ...(args && { args }),
    ...(target !== undefined && { target }),
    text: digestOf(found.text),
    inputs: inputsDigest(found.selected, (path) => attributes.get(`${folder}${path}`)),
    images: [...images.values()].toSorted((a, b) => (a.reference < b.reference ? -1 : 1)),
    ...(found.uncached !== undefined && { uncached: found.uncached }),
  };
}

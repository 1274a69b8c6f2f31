import type { CallOptions } from '../../oci/content-store.ts';
import type { Platform } from '../../oci/platform.ts';
import type { BaseFacts } from '../facts.ts';
import type { ContextEntry, ContextTree } from './context-tree.ts';
import { readDockerfile, type ImagePlace } from './read-dockerfile.ts';
import { readInputs, type DockerfileSource } from './read-inputs.ts';
import { selectFiles } from './select-files.ts';
import { withTriggers } from './triggers.ts';

/** The `ONBUILD` triggers of an image: instructions that run in each build upon it. */
export type TriggersOf = (image: BaseFacts, options: CallOptions) => Promise<readonly string[]>;

/** A Dockerfile, and all that a build of it reads. */
export interface Analysis {
  readonly text: string;
  /** Where it names images, in order. */
  readonly places: readonly ImagePlace[];
  /** The images by the names that are written. */
  readonly images: ReadonlyMap<string, BaseFacts>;
  /** The files of the context that the build can read. */
  readonly selected: readonly ContextEntry[];
  readonly uncached?: string;
}

export interface AnalysisPorts {
  readonly tree: ContextTree;
  readonly triggersOf: TriggersOf;
  /** The pinned image behind a name. */
  readonly imageOf: (reference: string, options: CallOptions) => Promise<BaseFacts>;
}

/** Reads a Dockerfile of a commit, and finds out what a build of it reads. */
export async function analyse(
  source: DockerfileSource,
  commit: string,
  ports: AnalysisPorts,
  options: CallOptions & { readonly platform: Platform },
): Promise<Analysis> {
  const { text, entries } = await readInputs(source, commit, ports.tree, options);
  const { file, args, target } = source;
  const reads = readDockerfile(text, { file, args, target, platform: options.platform });
  const images = new Map<string, BaseFacts>();
  const triggers = new Map<string, readonly string[]>();
  for (const { reference, isBase } of reads.images) {
    const image = images.get(reference) ?? (await ports.imageOf(reference, options));
    images.set(reference, image);
    if (isBase) triggers.set(reference, triggers.get(reference) ?? (await ports.triggersOf(image, options)));
  }
  const { sources, uncached } = withTriggers(reads, [...triggers.values()].flat(), file);
  return {
    text,
    places: reads.images,
    images,
    selected: selectFiles(entries, sources),
    ...(uncached !== undefined && { uncached }),
  };
}

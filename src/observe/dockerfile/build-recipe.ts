import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { formatReference, parseReference } from '../../oci/reference.ts';
import type { Platform } from '../../oci/platform.ts';
import type { DockerfileFacts } from '../dockerfile-facts.ts';
import type { BaseFacts } from '../facts.ts';
import { analyse, type Analysis, type TriggersOf } from './analyse.ts';
import type { ContextTree } from './context-tree.ts';
import { isFolder } from './left-folders.ts';

/** An image that a Dockerfile names, pinned. */
export interface RecipeImage {
  readonly reference: string;
  readonly digest: string;
  readonly source: 'registry' | 'engine';
}

/** What an engine is to build a Dockerfile from, as its facts say. */
export interface BuildRecipe {
  /** The Dockerfile's text, with images in place of their names. */
  readonly dockerfile: readonly (string | RecipeImage)[];
  /** The files of the context: paths below it, raw bytes as latin1 text. */
  readonly files: readonly string[];
  /** Folders of it that an ignore file has emptied, in the same notation. */
  readonly folders: readonly string[];
}

/**
 * Reads again what {@link observeDockerfile} read, for the build: the same commit gives the same, so facts need not
 * carry the text and every path. Images are those of the facts, wherever their names point meanwhile.
 */
export async function readBuildRecipe(
  facts: DockerfileFacts,
  commit: string,
  { tree, triggersOf }: { readonly tree: ContextTree; readonly triggersOf: TriggersOf },
  options: CallOptions & { readonly platform: Platform },
): Promise<BuildRecipe> {
  const pinned = new Map(facts.images.map((image) => [image.reference, image]));
  const imageOf = async (reference: string): Promise<BaseFacts> => {
    const image = pinned.get(formatReference(parseReference(reference)));
    if (image !== undefined) return image;
    throw new PreheatError(
      `cannot build the base image from ${facts.file}: ${reference} is not among its facts`,
      {
        phase: 'build',
      },
    );
  };
  const found = await analyse(facts, commit, { tree, triggersOf, imageOf }, options);
  const pathsOf = (areFolders: boolean): readonly string[] =>
    found.selected.filter((entry) => isFolder(entry) === areFolders).map(({ path }) => path);
  return { dockerfile: partsOf(found), files: pathsOf(false), folders: pathsOf(true) };
}

function partsOf({ text, places, images }: Analysis): readonly (string | RecipeImage)[] {
  const parts: (string | RecipeImage)[] = [];
  let at = 0;
  for (const { reference, start, end } of places) {
    const image = images.get(reference);
    if (image === undefined || image.source === 'target') throw new RangeError(`no image for ${reference}`);
    parts.push(text.slice(at, start), { ...image, source: image.source });
    at = end;
  }
  return [...parts, text.slice(at)].filter((part) => part !== '');
}

import type { Log } from '../../kernel/log.ts';
import type { ContextEntry } from './context-tree.ts';
import { dockerfileError } from './dockerfile-error.ts';

const SUBMODULE = 0o160000;

/**
 * Throws a `PreheatError` (config) where a build would see an empty folder in place of a submodule, or Git LFS pointers
 * though their contents are wanted; says where it sees pointers that are wanted. A context holds what the commit itself
 * holds.
 */
export function refuseUnlaid(
  file: string,
  selected: readonly ContextEntry[],
  attributes: ReadonlyMap<string, string>,
  { lfs, log }: { readonly lfs: 'pointers' | 'contents'; readonly log: Log },
): void {
  const submodule = selected.find(({ mode }) => mode === SUBMODULE);
  if (submodule !== undefined) {
    throw dockerfileError(
      { file },
      `its context holds the submodule ${submodule.path}, whose files are not laid there`,
      'Leave it out by .dockerignore, or name in COPY only what the image needs.',
    );
  }
  const pointers = [...attributes.values()].filter((text) => text.includes('filter=lfs')).length;
  if (pointers > 0 && lfs === 'contents') {
    throw dockerfileError(
      { file },
      `${pointers} files of its context are kept by Git LFS, whose contents are not laid there`,
      'Leave them out by .dockerignore, let a task take them into use, or build with --lfs pointers.',
    );
  }
  if (pointers > 0)
    log.warn(`${file}: ${pointers} files of its context are Git LFS pointers, not their contents`);
}

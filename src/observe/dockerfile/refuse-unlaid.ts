import type { Log } from '../../kernel/log.ts';
import type { ContextEntry } from './context-tree.ts';
import { dockerfileError } from './dockerfile-error.ts';

const SUBMODULE = 0o160000;

/**
 * Throws a `PreheatError` (config) where a build would see an empty folder in place of a submodule, and says where it
 * sees Git LFS pointers: a context holds what the commit itself holds.
 */
export function refuseUnlaid(
  file: string,
  selected: readonly ContextEntry[],
  attributes: ReadonlyMap<string, string>,
  log: Log,
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
  if (pointers > 0)
    log.warn(`${file}: ${pointers} files of its context are Git LFS pointers, not their contents`);
}

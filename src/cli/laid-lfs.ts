import type { Outcome } from '../report/outcome.ts';
import type { Ports } from './ports.ts';
import type { PushContext } from './push-context.ts';
import type { Session } from './session.ts';

/**
 * What is laid of the files that Git LFS keeps, which is said where it is pointers: nobody expects them in a workspace. Asked
 * of the `.gitattributes` at the root, where `git lfs track` writes; `undefined` where that names none.
 */
export async function laidLfs(
  { commit }: PushContext,
  { repository }: Pick<Ports, 'repository'>,
  { settings: { lfs }, log, signal }: Session,
): Promise<Outcome['lfs']> {
  const attributes = await repository.readFile(commit.id, '.gitattributes', { signal });
  if (attributes === undefined || !/^[^#\n]*\sfilter=lfs(?:\s|$)/m.test(attributes)) return undefined;
  if (lfs === 'pointers')
    log.info('files of Git LFS are laid as pointers; --lfs contents lays what they stand for');
  return lfs;
}

import { completeClone } from '../adapters/git/complete-clone.ts';
import { openDeltaTree } from '../adapters/git/delta-tree.ts';
import type { TreeLists } from '../adapters/git/tree-lists.ts';
import type { DeltaTree } from '../build/delta-tree.ts';
import { PreheatError } from '../kernel/failure.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { Sources } from './open-sources.ts';
import type { Session } from './session.ts';
import { sourceOptions } from './source-options.ts';

/** Opens the differences of a push's commit from an earlier one; disposing of it removes what was fetched for that. */
export type OpenDeltaTree = (earlier: string, options: CallOptions) => Promise<DeltaTree & AsyncDisposable>;

/** A delta spares less than this, in milliseconds: who cannot fetch the earlier commit in time lays everything. */
const FETCH_BOUND_MS = 2 * 60_000;

/** As {@link OpenDeltaTree}: an earlier commit that the sources lack is fetched as they were. */
export function deltaTreesOf(sources: Sources, treeLists: TreeLists, session: Session): OpenDeltaTree {
  const { directory } = sources;
  return async (earlier, { signal }) => {
    await using stack = new AsyncDisposableStack();
    const options = { ...sourceOptions(sources, session), treeLists };
    const found = await completed(earlier, sources, session, { signal });
    if ('unusable' in found) return { layDelta: async () => found, [Symbol.asyncDispose]: async () => {} };
    stack.use(found);
    const deltaTree = openDeltaTree(directory, found.directory, options);
    const owned = stack.move();
    return { ...deltaTree, [Symbol.asyncDispose]: async () => await owned.disposeAsync() };
  };
}

async function completed(
  commit: string,
  { directory, origin, openFolder, readers }: Sources,
  { settings, log }: Session,
  { signal }: CallOptions,
) {
  const request = {
    directory,
    commit,
    ref: { kind: 'detached' } as const,
    historyDepth: settings['history-depth'],
    origin,
  };
  const options = {
    ...(openFolder && { openFolder }),
    readers,
    tell: (line: string) => log.debug(line),
    boundMs: FETCH_BOUND_MS,
  };
  try {
    return await completeClone(request, options, { signal });
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof PreheatError) return { unusable: thrown.message };
    throw thrown;
  }
}

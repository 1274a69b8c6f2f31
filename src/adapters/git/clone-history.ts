import type { CheckoutRequest } from '../../build/source-tree.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { Clone } from './clone.ts';
import { openCommitParents } from './commit-parents.ts';
import { cutHistory } from './history.ts';

/** The commits behind which the history of a checkout is cut. */
export async function cutOf(
  clone: Clone,
  { commit, historyDepth }: Pick<CheckoutRequest, 'commit' | 'historyDepth'>,
  { signal }: CallOptions,
): Promise<readonly string[]> {
  const purpose = `read the history of commit ${commit.slice(0, 12)}`;
  await using parents = openCommitParents(clone.place, { signal, purpose });
  return await cutHistory(commit, historyDepth, { readParents: parents.readParents, ends: clone.ends });
}

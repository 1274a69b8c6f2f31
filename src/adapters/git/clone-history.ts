import type { CheckoutRequest } from '../../build/source-tree.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { Clone } from './clone.ts';
import { openCommitParents } from './commit-parents.ts';
import { cutHistory, type HistoryCut } from './history.ts';

type History = Pick<CheckoutRequest, 'commit' | 'historyDepth'>;

/** The commits behind which the history of a checkout is cut. */
export async function cutOf(
  clone: Clone,
  history: History,
  { signal }: CallOptions,
): Promise<readonly string[]> {
  return (await walk(clone, history, { signal })).cut;
}

/** Whether a clone has less history behind a commit than is asked for and than there is; a whole clone is not walked. */
export async function endsEarly(clone: Clone, history: History, { signal }: CallOptions): Promise<boolean> {
  return clone.ends.size > 0 && (await walk(clone, history, { signal })).isEarly;
}

async function walk(
  clone: Clone,
  { commit, historyDepth }: History,
  { signal }: CallOptions,
): Promise<HistoryCut> {
  const purpose = `read the history of commit ${commit.slice(0, 12)}`;
  await using parents = openCommitParents(clone.place, { signal, purpose });
  return await cutHistory(commit, historyDepth, { readParents: parents.readParents, ends: clone.ends });
}

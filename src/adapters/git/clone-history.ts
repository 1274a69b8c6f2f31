import type { CheckoutRequest } from '../../build/source-tree.ts';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { Clone } from './clone.ts';
import { parentsIn } from './commit-object.ts';
import type { GitCall, GitPlace } from './git-command.ts';
import { cutHistory, type HistoryCut, type ReadParents } from './history.ts';
import { withReaders, type ObjectReaders } from './object-readers.ts';

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
  return await withReaders(clone.readers, async (readers) => {
    const readParents = parentsReader(readers, clone, { signal, purpose });
    return await cutHistory(commit, historyDepth, { readParents, ends: clone.ends });
  });
}

function parentsReader(readers: ObjectReaders, { place }: Clone, call: GitCall): ReadParents {
  return async (commits) => {
    const found = await readers.read(place, commits, call);
    const parents = commits.map((id, at) => {
      const commit = found[at];
      if (commit === undefined) throw lacking(id, place, call);
      return [id, parentsIn(commit.content)] as const;
    });
    return new Map(parents);
  };
}

function lacking(id: string, { phase }: GitPlace, { purpose }: GitCall): PreheatError {
  return new PreheatError(`cannot ${purpose}: the clone lacks commit ${id}`, { phase });
}

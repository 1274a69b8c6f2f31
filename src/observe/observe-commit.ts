import { PreheatError } from '../kernel/failure.ts';
import type { CallOptions } from '../oci/content-store.ts';
import type { CommitFacts } from './facts.ts';
import type { Repository } from './repository.ts';

/** Finds a commit in the clone; throws code `not-found` when the clone does not have it. */
export async function observeCommit(
  id: string,
  repository: Repository,
  options: CallOptions & { readonly historyDepth: number },
): Promise<CommitFacts> {
  const commit = await repository.resolveCommit(id, options);
  if (commit !== undefined) return commit;
  throw new PreheatError(`cannot find commit ${id}: this clone does not have it`, {
    phase: 'observe',
    code: 'not-found',
    hint: `Fetch it first (git fetch origin ${id}), or give another --commit.`,
  });
}

/** The first of `paths` that the commit has, never as it lies in the working tree. */
export async function readConfigFile(
  commit: CommitFacts,
  paths: readonly string[],
  repository: Repository,
  options: CallOptions,
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  for (const path of paths) {
    const text = await repository.readFile(commit.id, path, options);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

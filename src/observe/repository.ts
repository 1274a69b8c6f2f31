import type { CallOptions } from '../oci/content-store.ts';
import type { CommitFacts } from './facts.ts';

/** Reading from the git repository that was pushed to. Failures throw a `PreheatError` of phase `observe`. */
export interface Repository {
  /**
   * The commit behind a full or abbreviated id or a name, with a history of at most `historyDepth` commits; `undefined`
   * when the repository does not have it.
   */
  resolveCommit(
    commitish: string,
    options: CallOptions & { readonly historyDepth: number },
  ): Promise<CommitFacts | undefined>;
  /** Whether one commit is an ancestor of another; false where the clone does not have both. */
  isAncestor(ancestor: string, descendant: string, options: CallOptions): Promise<boolean>;
  /** The one of `candidates` (first 40 digits of ids) that comes nearest before a commit, itself too, in the history that the clone has. */
  nearestAncestor(
    commit: string,
    candidates: ReadonlySet<string>,
    options: CallOptions,
  ): Promise<string | undefined>;
  /**
   * The names in a folder of a commit's tree, files and folders, in no order; none where there is no such folder. An empty
   * path is the root.
   */
  names(commit: string, folder: string, options: CallOptions): Promise<readonly string[]>;
  /** A file of a commit as UTF-8 text (BOM kept); `undefined` when the commit's tree has no such regular file. */
  readFile(commit: string, path: string, options: CallOptions): Promise<string | undefined>;
}

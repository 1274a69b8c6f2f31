import type { CallOptions } from '../oci/content-store.ts';
import type { CommitFacts } from './facts.ts';

/** Reading from the git repository that was pushed to. Failures throw a `PreheatError` of phase `observe`. */
export interface Repository {
  /** The commit behind a full or abbreviated id or a name; `undefined` when the repository does not have it. */
  resolveCommit(commitish: string, options: CallOptions): Promise<CommitFacts | undefined>;
  /** A file of a commit as UTF-8 text (BOM kept); `undefined` when the commit's tree has no such regular file. */
  readFile(commit: string, path: string, options: CallOptions): Promise<string | undefined>;
}

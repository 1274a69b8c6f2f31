import type { CallOptions } from '../oci/content-store.ts';

/** The branches and tags that there are. */
export interface KnownRefs {
  /** The newest commit of each branch, by its name. */
  readonly branches: ReadonlyMap<string, string>;
  readonly tags: ReadonlySet<string>;
}

/** The repository that was cloned from, asked for what it has at this moment. */
export interface RemoteRefs {
  /** Throws a `PreheatError` (observe) where it cannot be asked: then nobody knows what is in use. */
  list(options: CallOptions): Promise<KnownRefs>;
}

/** What a clone knows of the history of commits. */
export interface BranchHistory {
  /** A commit and those before it, newest first, as far as it is worth looking; none where the clone lacks it. */
  newestFirst(commit: string, options: CallOptions): Promise<readonly string[]>;
}

/** The pull requests of a repository. */
export interface OpenPullRequests {
  /** The numbers of all that are open; throws a `PreheatError` (report) where it cannot tell all of them. */
  list(options: CallOptions): Promise<readonly number[]>;
}

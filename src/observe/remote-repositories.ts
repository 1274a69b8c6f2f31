import type { CallOptions } from '../oci/content-store.ts';

/** Where a repository stands: a commit, and the branch that it is the tip of. */
export interface RemoteTip {
  /** Full object id. */
  readonly commit: string;
  /** Absent where HEAD of the repository is of no branch. */
  readonly branch?: string;
}

/** Asking repositories other than the pushed one. Failures throw a `PreheatError` of phase `observe`. */
export interface RemoteRepositories {
  /** The tip of a branch, and that of the default branch; each `undefined` where the repository has none. */
  findTips(
    address: string,
    branch: string | undefined,
    options: CallOptions,
  ): Promise<{ readonly ofBranch: RemoteTip | undefined; readonly ofDefault: RemoteTip | undefined }>;
}

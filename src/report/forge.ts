import type { CallOptions } from '../oci/content-store.ts';

/** Bitbucket's words for the state of a build status. */
export type BuildState = 'INPROGRESS' | 'SUCCESSFUL' | 'FAILED' | 'STOPPED';

/** A build status of a commit; the same key overwrites. */
export interface BuildStatus {
  /** Full commit id. */
  readonly commit: string;
  /** At most 40 characters. */
  readonly key: string;
  readonly state: BuildState;
  /** At most 255 characters. */
  readonly name: string;
  /** At most 255 characters. */
  readonly description: string;
  readonly url: string;
  /** Source branch: ties the status to its pull request. */
  readonly refname?: string;
}

/** Where reports go. Failures throw a `PreheatError` of phase `report`; callers never let one fail a build. */
export interface Forge {
  setStatus(status: BuildStatus, options: CallOptions): Promise<void>;
}

import type { CallOptions } from '../oci/content-store.ts';
import type { InsightsReport } from './insights-report.ts';

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

/** A build status as it stands on a commit. */
export interface KeptStatus extends BuildStatus {
  /** When it was last set, in milliseconds since the epoch; absent where the answer does not say. */
  readonly updatedAt?: number;
}

/** What setting a status told. */
export interface StatusReceipt {
  /** Whether a status of this key stood there before: then an earlier run reported on this commit. */
  readonly replaced: boolean;
}

/** A comment on a pull request, in Bitbucket's Markdown. */
export interface PullRequestComment {
  /** By its first line it is found again: fixed for a configuration, and nobody else writes it. */
  readonly marker: string;
  /** Begins with `marker`. */
  readonly text: string;
}

/** What kept a report from being delivered is a `PreheatError` of phase `report`; callers never let one fail a build. */
export interface InsightsForge {
  /**
   * Sets the report of a commit by its id with exactly these annotations (1,000 at most, sent 100 at a time). Those of an
   * earlier report of the id are purged where `options.purge` asks for it: it costs a request.
   */
  putReport(report: InsightsReport, options: CallOptions & { readonly purge: boolean }): Promise<void>;
}

/** Where everything that a run tells goes. Failures throw as {@link InsightsForge} says. */
export interface Forge extends InsightsForge {
  setStatus(status: BuildStatus, options: CallOptions): Promise<StatusReceipt>;
  /** The status of that key on a commit; `undefined` where there is none, or no such commit. */
  findStatus(commit: string, key: string, options: CallOptions): Promise<KeptStatus | undefined>;
  /**
   * Numbers of the open pull requests that a commit is the newest of, lowest first: asked by its branch, else by the commit
   * where the forge has an index of commits.
   */
  findPullRequests(
    commit: string,
    branch: string | undefined,
    options: CallOptions,
  ): Promise<readonly number[]>;
  /**
   * Puts a comment in the place of the newest one of its marker that may be changed, or adds it where there is none (anyone
   * may have deleted it).
   */
  putComment(pullRequest: number, comment: PullRequestComment, options: CallOptions): Promise<void>;
}

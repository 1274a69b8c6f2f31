import type { CallOptions } from '../oci/content-store.ts';

/** Tries rights by asking only. A right that is missing throws a `PreheatError` of phase `report` that names it. */
export interface ForgeExaminer {
  /** Reads the build statuses of a commit, which takes the right that setting one takes. */
  readStatuses(commit: string, options: CallOptions): Promise<void>;
  /** Reads pull requests, which takes the right that commenting on one takes. */
  readPullRequests(options: CallOptions): Promise<void>;
}

/** The proxy of a step of Pipelines, which proves who the step is. */
export interface StepProxyExaminer {
  readonly address: string;
  /** Reads the reports of a commit; throws a `PreheatError` of phase `report`. */
  readReports(commit: string, options: CallOptions): Promise<void>;
}

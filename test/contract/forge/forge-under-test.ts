import type { BuildStatus, Forge } from '../../../src/report/forge.ts';
import type { InsightsUnderTest } from './reports.ts';

/** A pull request that is there before the forge is asked. */
export interface GivenPullRequest {
  readonly id: number;
  readonly branch: string;
  /** Its newest commit. */
  readonly commit: string;
  readonly state?: 'OPEN' | 'MERGED';
  /** `workspace/slug` of the repository that it comes from, where that is another one. */
  readonly fork?: string;
}

/** A comment as it stands. */
export interface StandingComment {
  readonly id: number;
  readonly text: string;
  readonly isDeleted: boolean;
}

/** A forge with ways to prepare it and to look at what it was told. */
export interface ForgeUnderTest extends InsightsUnderTest {
  readonly forge: Forge;
  /** Another commit that the forge knows. */
  readonly otherCommit: string;
  /** The statuses of `commit`, in no order. */
  statuses(): Promise<readonly Omit<BuildStatus, 'commit'>[]>;
  openPullRequest(pullRequest: GivenPullRequest): void;
  /** Lets it have an index of the commits of pull requests; at first there is none. */
  indexCommits(): void;
  /** The comments of a pull request, oldest first. */
  comments(pullRequest: number): readonly StandingComment[];
  /** Comments as someone else. */
  addComment(pullRequest: number, text: string): void;
  deleteComment(pullRequest: number, comment: number): void;
}

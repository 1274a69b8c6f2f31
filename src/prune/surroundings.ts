/** Which pull requests are open. */
export type PullRequestFacts =
  | { readonly kind: 'known'; readonly open: ReadonlySet<number> }
  /** Nobody could be asked: their age counts. */
  | { readonly kind: 'unasked' }
  /** The forge did not answer: all count as open. */
  | { readonly kind: 'unanswered' };

/** What is alive around the images, and when things were. */
export interface Surroundings {
  /** The branches that there are, as they stand in tags, and what counts as one of them. */
  readonly branches: ReadonlySet<string>;
  readonly pullRequests: PullRequestFacts;
  /** Of the scopes of each branch (as they stand in tags) its commits by their position, the newest first, as far as the clone knows. */
  readonly positions: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** When commits were made, as far as the clone knows; milliseconds since the epoch. */
  readonly dates: ReadonlyMap<string, number>;
}

/** How much is kept. Times are in milliseconds. */
export interface RetentionPolicy {
  /** How many commits of each branch, pull request and platform keep their image; at least one. */
  readonly keep: number;
  /** What is younger stays in any case. */
  readonly olderThan: number;
  /** Until when a pull request whose state nobody tells counts as open, after its newest image. */
  readonly pullRequestAge: number;
}

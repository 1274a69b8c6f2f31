import type { Annotation } from './finding-annotations.ts';

/** One cell of a report, shown beside its title (Bitbucket, Code Insights, "report data"). */
export type InsightsCell = { readonly title: string } & (
  | { readonly type: 'BOOLEAN'; readonly value: boolean }
  /** In milliseconds. */
  | { readonly type: 'DURATION'; readonly value: number }
  | { readonly type: 'LINK'; readonly value: { readonly text: string; readonly href: string } }
  | { readonly type: 'NUMBER' | 'PERCENTAGE'; readonly value: number }
  | { readonly type: 'TEXT'; readonly value: string }
);

/** A Code Insights report of a commit (https://developer.atlassian.com/cloud/bitbucket/rest/api-group-reports/). */
export interface InsightsReport {
  /** Full commit id. */
  readonly commit: string;
  /** Our own id of it, unique among the reports of a commit; the same overwrites. */
  readonly id: string;
  readonly title: string;
  readonly details: string;
  readonly reporter: string;
  /** Absent where people see the run nowhere. */
  readonly link?: string;
  readonly result: 'PASSED' | 'FAILED' | 'PENDING';
  /** Ten at most. */
  readonly data: readonly InsightsCell[];
  readonly annotations: readonly Annotation[];
}

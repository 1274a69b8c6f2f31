import { describeComments } from './forge/comments.ts';
import type { ForgeUnderTest } from './forge/forge-under-test.ts';
import { describePullRequests } from './forge/pull-requests.ts';
import { describeReports, type InsightsUnderTest } from './forge/reports.ts';
import { describeStatuses } from './forge/statuses.ts';

export type { ForgeUnderTest } from './forge/forge-under-test.ts';
export type { InsightsUnderTest } from './forge/reports.ts';

/** What every `Forge` promises. */
export function describeForge(name: string, start: () => Promise<ForgeUnderTest>): void {
  describe(`${name} as a forge`, () => {
    describeStatuses(start);
    describeReports(start);
    describePullRequests(start);
    describeComments(start);
  });
}

/** What every `InsightsForge` promises. */
export function describeInsightsForge(name: string, start: () => Promise<InsightsUnderTest>): void {
  describe(`${name} as a forge of reports`, () => describeReports(start));
}

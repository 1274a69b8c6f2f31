import { createFakeTimes } from './bitbucket-answer.ts';
import { createFakePullRequests, type FakePullRequests } from './bitbucket-pull-requests.ts';
import { createFakeReports, type FakeReports } from './bitbucket-reports.ts';
import { createFakeStatuses, type FakeStatuses } from './bitbucket-statuses.ts';

/** One repository of the fake. */
export interface FakeRepository {
  readonly statuses: FakeStatuses;
  readonly reports: FakeReports;
  readonly pullRequests: FakePullRequests;
}

/** Creates a repository that has `commits`; like Bitbucket it knows them by 7 and more first digits. */
export function createFakeRepository(name: string, commits: readonly string[]): FakeRepository {
  const now = createFakeTimes();
  const find = (commit: string): string | undefined =>
    commit.length >= 7 ? commits.find((known) => known.startsWith(commit)) : undefined;
  return {
    statuses: createFakeStatuses(find, now),
    reports: createFakeReports(find, now),
    pullRequests: createFakePullRequests(name, find, now),
  };
}

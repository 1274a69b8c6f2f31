import type { ForgeExamination } from './examination.ts';
import { failed, type Finding } from './finding.ts';
import type { Tried } from './tried.ts';

const STATUS_WHY = 'a build sets a status on its commit';

/** Whether Bitbucket can be told of builds. */
export function judgeForge(forge: ForgeExamination): readonly Finding[] {
  const { repository, token, statuses, pullRequests, proxy } = forge;
  return [
    ...judgeToken(repository, token),
    ...(statuses === undefined ? [] : [judgeStatuses(statuses)]),
    ...(pullRequests === undefined ? [] : [judgePullRequests(pullRequests)]),
    ...(proxy === undefined ? [] : [judgeProxy(proxy)]),
  ];
}

function judgeToken(repository: string | undefined, token: ForgeExamination['token']): readonly Finding[] {
  const about = { check: 'Bitbucket', why: STATUS_WHY, phase: 'report' } as const;
  if (repository === undefined)
    return [
      { ...about, mark: 'good', found: 'this is no clone of a Bitbucket repository: nothing is reported' },
    ];
  if (token === undefined)
    return [{ ...about, ...USE_TOKEN, mark: 'warning', found: `no token for ${repository} is given` }];
  const found = `an ${token} for ${repository} is given`;
  if (token !== 'app password') return [{ ...about, mark: 'good', found }];
  return [{ ...about, ...USE_TOKEN, mark: 'warning', found: `${found}, and Bitbucket is giving those up` }];
}

const USE_TOKEN = {
  change:
    'Create a repository access token with the scopes "repository" and "pullrequest", keep it as a secured variable, and hand it to the step.',
  remedy: {
    file: 'bitbucket-pipelines.yml, at the pipe',
    yaml: 'variables:\n  BITBUCKET_ACCESS_TOKEN: $BITBUCKET_ACCESS_TOKEN',
  },
} as const;

function judgeStatuses(statuses: Tried<unknown>): Finding {
  const about = { check: 'statuses', why: STATUS_WHY, phase: 'report' } as const;
  if (statuses.kind === 'failed') return failed(about, statuses);
  return { ...about, mark: 'good', found: 'the token may read and set build statuses' };
}

function judgePullRequests(pullRequests: Tried<unknown>): Finding {
  const why = 'a pull request can be told when its workspace is ready';
  const about = { check: 'pull requests', why, phase: 'report' } as const;
  if (pullRequests.kind === 'failed') return failed(about, pullRequests, 'warning');
  return { ...about, mark: 'good', found: 'the token may read pull requests' };
}

function judgeProxy({ address, reports }: NonNullable<ForgeExamination['proxy']>): Finding {
  const why = 'reports reach the commit through the proxy of the step without a token';
  const about = { check: 'step proxy', why, phase: 'report' } as const;
  if (reports.kind === 'failed') return failed(about, reports, 'warning');
  return { ...about, mark: 'good', found: `${address} answers for the reports of this commit` };
}

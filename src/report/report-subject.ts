import { bitbucketPage } from './bitbucket-page.ts';
import type { Outcome } from './outcome.ts';

/** What reports to Bitbucket are about. */
export interface ReportSubject {
  /** Full commit id. */
  readonly commit: string;
  /** Where people see the run; empty for nowhere. */
  readonly url: string;
  /** Path of the configuration in the repository, such as `.gitpod.yml`. */
  readonly configuration: string;
  /** The source branch; ties a status to its pull request. */
  readonly branch?: string | undefined;
}

/** Under whose name runs report that were asked for no other. */
const USUAL_CONFIGURATION = '.gitpod.yml';

/** What is reported on, where a repository has more than one configuration: `Workspace image (devcontainer.json)`. */
export function subjectName(configuration: string): string {
  return `Workspace image${configuration === USUAL_CONFIGURATION ? '' : ` (${configuration})`}`;
}

/** Makes the subject of the reports on a run. */
export function reportSubject({
  commit,
  bitbucket,
  branch,
  askedFor,
}: Pick<Outcome, 'commit' | 'bitbucket' | 'askedFor'> & {
  readonly branch?: string | undefined;
}): ReportSubject {
  return {
    commit,
    url: bitbucket === undefined ? '' : bitbucketPage({ ...bitbucket, commit }),
    configuration: askedFor ?? USUAL_CONFIGURATION,
    branch,
  };
}

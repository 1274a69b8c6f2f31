import { bytesText, durationText } from '../kernel/amounts.ts';
import { bitbucketPage, type BitbucketCommit } from './bitbucket-page.ts';
import { elapsedMs } from './elapsed.ts';
import type { BuildState, BuildStatus } from './forge.ts';
import type { Outcome } from './outcome.ts';
import { reuseOf } from './reuse.ts';
import { shorten } from './shorten.ts';
import { statusKey } from './status-key.ts';

/** What a build status is about. */
export interface StatusSubject extends BitbucketCommit {
  /** Path of the configuration in the repository, such as `.gitpod.yml`. */
  readonly configuration: string;
  /** The source branch; ties the status to its pull request. */
  readonly branch?: string | undefined;
  /**
   * Whether a failing task of the user gives `STOPPED` instead of `FAILED`: a broken `init` then does not block a
   * merge by itself.
   */
  readonly tolerateTasks?: boolean;
}

const LONGEST_TEXT = 255;
const USUAL_CONFIGURATION = '.gitpod.yml';

/** Makes the build status of a run that has just begun (`'running'`) or has ended. */
export function buildStatus(run: 'running' | Outcome, subject: StatusSubject): BuildStatus {
  const { commit, configuration, branch } = subject;
  const where = configuration === USUAL_CONFIGURATION ? '' : ` (${configuration})`;
  return {
    commit,
    key: statusKey(configuration),
    state: run === 'running' ? 'INPROGRESS' : stateOf(run, subject),
    name: shorten(`Workspace image${where}`, LONGEST_TEXT),
    description: shorten(run === 'running' ? 'Building the workspace image' : describe(run), LONGEST_TEXT),
    url: bitbucketPage(subject),
    ...(branch === undefined ? {} : { refname: branch }),
  };
}

function stateOf({ result, failure }: Outcome, { tolerateTasks = false }: StatusSubject): BuildState {
  if (result === 'warm') return 'SUCCESSFUL';
  if (result === 'interrupted') return 'STOPPED';
  return tolerateTasks && failure?.code === 'task-failed' ? 'STOPPED' : 'FAILED';
}

function describe(outcome: Outcome): string {
  const after = durationText(elapsedMs(outcome));
  if (outcome.result === 'interrupted') return `Interrupted after ${after}`;
  if (outcome.result === 'not-warm') return `Not warm: ${outcome.failure?.message ?? 'the run failed'}`;
  const { steps, reusedSteps } = reuseOf(outcome);
  return `Warm in ${after}: ${reusedSteps} of ${steps} steps reused, ${bytesText(outcome.uploaded.bytes)} uploaded`;
}

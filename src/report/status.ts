import { bytesText, durationText } from '../kernel/amounts.ts';
import { elapsedMs } from './elapsed.ts';
import type { BuildState, BuildStatus } from './forge.ts';
import type { Outcome } from './outcome.ts';
import { subjectName, type ReportSubject } from './report-subject.ts';
import { reuseOf } from './reuse.ts';
import { shorten } from './shorten.ts';
import { statusKey } from './status-key.ts';

const LONGEST_TEXT = 255;

/** Makes the build status of a run that has just begun (`'running'`) or has ended. */
export function buildStatus(run: 'running' | Outcome, subject: ReportSubject): BuildStatus {
  const { commit, configuration, branch, url } = subject;
  return {
    commit,
    key: statusKey(configuration),
    state: run === 'running' ? 'INPROGRESS' : stateOf(run),
    name: shorten(subjectName(configuration), LONGEST_TEXT),
    description: shorten(
      run === 'running' ? 'Building the workspace image' : describeOutcome(run),
      LONGEST_TEXT,
    ),
    url,
    ...(branch === undefined ? {} : { refname: branch }),
  };
}

function stateOf(outcome: Outcome): BuildState {
  if (outcome.result === 'warm') return 'SUCCESSFUL';
  return outcome.result === 'interrupted' || outcome.failure?.tolerated ? 'STOPPED' : 'FAILED';
}

/** How a run ended, in one sentence without a full stop. */
export function describeOutcome(outcome: Outcome): string {
  const after = durationText(elapsedMs(outcome));
  if (outcome.result === 'interrupted') return `Interrupted after ${after}`;
  if (outcome.result === 'not-warm') return `Not warm: ${outcome.failure?.message ?? 'the run failed'}`;
  const { steps, reusedSteps } = reuseOf(outcome);
  return `Warm in ${after}: ${reusedSteps} of ${steps} steps reused, ${bytesText(outcome.uploaded.bytes)} uploaded`;
}

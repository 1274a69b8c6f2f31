import { elapsedMs } from './elapsed.ts';
import { html, htmlText, type Html } from './html.ts';
import type { Outcome, StepOutcome } from './outcome.ts';
import { withoutEscapes } from './without-escapes.ts';

/** How one case ended; `passed` may say something all the same. */
interface Case {
  readonly name: string;
  readonly seconds: number;
  readonly ended:
    | { readonly kind: 'passed' | 'skipped'; readonly text: string }
    | { readonly kind: 'failed'; readonly message: string; readonly text: string };
}

/**
 * Renders an outcome as JUnit XML, which Pipelines shows step by step
 * (https://support.atlassian.com/bitbucket-cloud/docs/test-reporting-in-pipelines/): a case for the configuration, one for
 * each step of the plan, one for the image.
 */
export function junitReport(outcome: Outcome): string {
  const cases = [configurationCase(outcome), ...outcome.steps.map((step) => stepCase(step, outcome))];
  const all = [...cases, imageCase(outcome, cases)];
  const count = (kind: Case['ended']['kind']): number =>
    all.filter(({ ended }) => ended.kind === kind).length;
  const time = (elapsedMs(outcome) / 1000).toFixed(3);
  // What is escaped for HTML is escaped for XML (XML 1.0, 2.4 and 4.6).
  const suite = html`<testsuite
    name="preheat"
    tests="${all.length}"
    failures="${count('failed')}"
    skipped="${count('skipped')}"
    errors="0"
    time="${time}"
    timestamp="${outcome.startedAt}"
  >
    ${all.map(caseElement)}</testsuite
  > `;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${htmlText(suite).replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD')}`;
}

function configurationCase({ configuration, findings = [], failure }: Outcome): Case {
  const name = configuration ?? 'configuration';
  const text = findings.map(({ frame, message, line }) => `line ${line}: ${message}\n${frame}`).join('\n\n');
  const isBroken = failure?.phase === 'config';
  const ended = isBroken
    ? ({ kind: 'failed', message: failure.message, text } as const)
    : ({ kind: configuration === undefined ? 'skipped' : 'passed', text } as const);
  return { name, seconds: 0, ended };
}

function stepCase(
  { name, outcome, reason, durationMs = 0 }: StepOutcome,
  { failure, result }: Outcome,
): Case {
  const seconds = durationMs / 1000;
  // Whoever ends a run ends its tasks too, which is no fault of theirs.
  const isEnded = outcome === 'failed' && result === 'interrupted';
  if (outcome === 'not-reached' || isEnded)
    return { name, seconds, ended: { kind: 'skipped', text: reason } };
  if (outcome !== 'failed')
    return { name, seconds, ended: { kind: 'passed', text: `${outcome}: ${reason}` } };
  const output = (failure?.output ?? []).map(withoutEscapes).join('\n');
  return { name, seconds, ended: { kind: 'failed', message: failure?.message ?? 'failed', text: output } };
}

/** A run that failed in no step still has one case that says so. */
function imageCase({ result, image, failure, digest = '' }: Outcome, cases: readonly Case[]): Case {
  const name = 'workspace image';
  if (result === 'warm') return { name, seconds: 0, ended: { kind: 'passed', text: `${image}\n${digest}` } };
  const isTold = result === 'interrupted' || cases.some(({ ended }) => ended.kind === 'failed');
  const message = failure?.message ?? 'the run failed';
  return isTold
    ? { name, seconds: 0, ended: { kind: 'skipped', text: message } }
    : { name, seconds: 0, ended: { kind: 'failed', message, text: failure?.hint ?? '' } };
}

function caseElement({ name, seconds, ended }: Case): Html {
  const time = seconds.toFixed(3);
  return html`
    <testcase classname="preheat" name="${name}" time="${time}">${endedElement(ended)}</testcase>
  `;
}

function endedElement(ended: Case['ended']): Html {
  if (ended.kind === 'failed') return html`<failure message="${ended.message}">${ended.text}</failure>`;
  if (ended.kind === 'skipped') return html`<skipped message="${ended.text}" />`;
  return ended.text === '' ? html`` : html`<system-out>${ended.text}</system-out>`;
}

import { bytesText, durationText } from '../kernel/amounts.ts';
import { elapsedMs } from './elapsed.ts';
import type { PullRequestComment } from './forge.ts';
import { markdownBlock, markdownCode, markdownTable, markdownText } from './markdown.ts';
import type { Outcome, StepOutcome } from './outcome.ts';
import { savedInAll } from './saved.ts';
import { subjectName, type ReportSubject } from './report-subject.ts';
import { reuseOf } from './reuse.ts';
import { shorten } from './shorten.ts';
import { whyText } from './why-text.ts';
import { withoutEscapes } from './without-escapes.ts';

const MOST_OUTPUT_LINES = 20;
const LONGEST_LINE = 400;
const LONGEST_WHY = 200;

/** The one comment of a pull request: whether it is warm, how to open it, what that costs, what ran and why. */
export function pullRequestComment(outcome: Outcome, subject: ReportSubject): PullRequestComment {
  const marker = `**preheat: ${subjectName(subject.configuration).toLowerCase()}**`;
  const parts = [
    marker,
    verdict(outcome),
    outcome.result === 'warm' ? opening(outcome) : failing(outcome, subject),
    steps(outcome.steps),
    findings(outcome),
    subject.url === '' ? '' : `[Log of the run](${subject.url})`,
  ];
  return { marker, text: parts.filter((part) => part !== '').join('\n\n') };
}

function verdict(outcome: Outcome): string {
  const { result, commit, failure } = outcome;
  const id = markdownCode(commit.slice(0, 12));
  if (result === 'warm') return `✔ ${id} is **warm**, after ${durationText(elapsedMs(outcome))}.`;
  if (result === 'interrupted') return `✖ ${id} is **not warm**: the run was interrupted.`;
  const why = markdownText(failure?.message ?? 'the run failed');
  const harmless = failure?.tolerated ? ' This blocks no merge by itself.' : '';
  return `✖ ${id} is **not warm**: ${why}.${harmless}`;
}

function opening(outcome: Outcome): string {
  const { image, commit } = outcome;
  const saved = savedInAll(outcome.steps).ms;
  const { layerBytes, steps: all, reusedSteps } = reuseOf(outcome);
  const rows: readonly (readonly [string, string])[] = [
    [
      'Open it',
      [`preheat start ${commit.slice(0, 12)}`, ...engineCommand(image)].map(markdownCode).join(' or '),
    ],
    ['Price', priceText(outcome, layerBytes)],
    ['Reused', `${reusedSteps} of ${all} steps${saved > 0 ? `, which saved ${durationText(saved)}` : ''}`],
  ];
  return markdownTable(['', ''], rows);
}

/** Any engine runs a published image; one in an OCI layout on disk has no name that an engine could pull. */
function engineCommand(image: string | undefined): readonly string[] {
  return image === undefined || image.startsWith('oci:') ? [] : [`docker run -it --rm ${image}`];
}

function priceText({ price }: Outcome, imageBytes: number): string {
  const all = imageBytes === 0 ? '' : `${bytesText(imageBytes)} in all`;
  if (price === undefined) return all === '' ? 'not known' : `${all}, nothing of it known to be there`;
  const whose = `the image of ${markdownCode(price.branch)}`;
  if (price.layers === 0) return `nothing to pull for whoever has ${whose}`;
  const layers = price.layers === 1 ? '1 layer' : `${price.layers} layers`;
  const time = `about ${durationText(price.seconds * 1000)}`;
  return `${bytesText(price.bytes)} (${layers}), ${time}, for whoever has ${whose}${all && `; ${all}`}`;
}

function failing({ failure, configuration }: Outcome, { configuration: asked }: ReportSubject): string {
  if (failure === undefined) return '';
  const { hint, line, output = [] } = failure;
  const place =
    line === undefined ? '' : `The task stands in ${markdownCode(configuration ?? asked)}, line ${line}.`;
  const shown = output.slice(-MOST_OUTPUT_LINES).map((text) => shortLine(withoutEscapes(text)));
  return [place, shown.length === 0 ? '' : markdownBlock(shown), hint === undefined ? '' : markdownText(hint)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function shortLine(text: string): string {
  return text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE)}…`;
}

const WORDS: Readonly<Record<StepOutcome['outcome'], string>> = {
  reused: 'reused',
  ran: 'ran',
  failed: '**failed**',
  'not-reached': 'not reached',
};

function steps(all: readonly StepOutcome[]): string {
  if (all.length === 0) return '';
  const rows = all.map((step) => {
    const time = step.durationMs === undefined ? '' : ` in ${durationText(step.durationMs)}`;
    const what = `${WORDS[step.outcome]}${step.outcome === 'ran' ? time : ''}`;
    return [markdownCode(step.name), what, markdownText(shorten(whyText(step), LONGEST_WHY))];
  });
  return markdownTable(['Step', 'Outcome', 'Why'], rows);
}

function findings({ findings: found = [], configuration = '' }: Outcome): string {
  const told = found.filter(({ severity }) => severity !== 'info');
  if (told.length === 0) return '';
  const count = told.length === 1 ? '1 finding' : `${told.length} findings`;
  return `${count} in ${markdownCode(configuration)}: see the report of this commit.`;
}

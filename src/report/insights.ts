import { bytesText } from '../kernel/amounts.ts';
import { elapsedMs } from './elapsed.ts';
import { findingAnnotations, type Annotation } from './finding-annotations.ts';
import type { InsightsCell, InsightsReport } from './insights-report.ts';
import type { Outcome } from './outcome.ts';
import { savedInAll } from './saved.ts';
import { subjectName, type ReportSubject } from './report-subject.ts';
import { reuseOf } from './reuse.ts';
import { shorten } from './shorten.ts';
import { statusKey } from './status-key.ts';
import { describeOutcome } from './status.ts';
import { taskAnnotation } from './task-annotation.ts';

const LONGEST_DETAILS = 2000;
const LONGEST_CELL = 255;
/** As many as one request takes: a run has few of them. */
const MOST_ANNOTATIONS = 100;

/** The Code Insights report of a run: the cells that matter, and what was found at its lines. */
export function insightsReport(outcome: Outcome, subject: ReportSubject): InsightsReport {
  const annotations = annotationsOf(outcome, subject.configuration);
  const left = annotations.length - MOST_ANNOTATIONS;
  const more = left > 0 ? ` ${left} more findings are in the log.` : '';
  return {
    commit: subject.commit,
    id: statusKey(subject.configuration),
    title: subjectName(subject.configuration),
    details: shorten(`${describeOutcome(outcome)}.${more}`, LONGEST_DETAILS),
    reporter: 'preheat',
    ...(subject.url !== '' && { link: subject.url }),
    result: resultOf(outcome),
    data: cells(outcome, subject),
    annotations: annotations.slice(0, MOST_ANNOTATIONS),
  };
}

/** What failed comes first, so that it is never what is left out. */
function annotationsOf(outcome: Outcome, configuration: string): readonly Annotation[] {
  const failed = taskAnnotation(outcome, configuration);
  return [
    ...(failed === undefined ? [] : [failed]),
    ...findingAnnotations(outcome.configuration ?? configuration, outcome.findings ?? []),
  ];
}

/** A report can be asked for before a merge: what is to block none by itself fails it neither. */
function resultOf(outcome: Outcome): InsightsReport['result'] {
  if (outcome.result === 'warm') return 'PASSED';
  return outcome.result === 'interrupted' || outcome.failure?.tolerated ? 'PENDING' : 'FAILED';
}

function cells(outcome: Outcome, subject: ReportSubject): readonly InsightsCell[] {
  const { price, baseImage, uploaded, result } = outcome;
  const { layerBytes, steps, reusedSteps } = reuseOf(outcome);
  const saved = savedInAll(outcome.steps).ms;
  const text = (title: string, value: string): InsightsCell => ({
    title,
    type: 'TEXT',
    value: shorten(value, LONGEST_CELL),
  });
  return [
    { title: 'Warm', type: 'BOOLEAN', value: result === 'warm' },
    { title: 'Time to ready', type: 'DURATION', value: elapsedMs(outcome) },
    ...(price ? [text('To pull', `${bytesText(price.bytes)} upon ${price.branch}`)] : []),
    ...(price ? [duration('Opens in about', price.seconds * 1000)] : []),
    ...(steps > 0 ? [text('Steps reused', `${reusedSteps} of ${steps}`)] : []),
    ...(saved > 0 ? [duration('Time saved', saved)] : []),
    text('Uploaded', bytesText(uploaded.bytes)),
    ...(layerBytes > 0 ? [text('Image size', bytesText(layerBytes))] : []),
    ...(baseImage ? [text('Base image', baseImage.reference)] : []),
    ...(subject.url === '' ? [] : [link('Log', 'Run', subject.url)]),
  ];
}

function link(title: string, text: string, href: string): InsightsCell {
  return { title, type: 'LINK', value: { text, href } };
}

function duration(title: string, value: number): InsightsCell {
  return { title, type: 'DURATION', value: Math.round(value) };
}

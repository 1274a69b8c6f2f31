import { durationText } from '../../kernel/amounts.ts';
import { html, type Html } from '../html.ts';
import type { Outcome, Stage } from '../outcome.ts';
import { bounded, moreLine } from './bounded.ts';
import { legendOf } from './legend.ts';
import type { Section } from './section.ts';
import { ticksOf, timelineOf, type Timeline, type TimelineBar } from './timeline.ts';
import { counted, nameOf, textOf } from './words.ts';

const MOST_STAGES = 200;

const OUTCOMES: Readonly<Record<Stage['outcome'], string>> = {
  done: 'done',
  reused: 'reused',
  failed: 'failed',
};

/** The run on a time axis: a bar for each stage, those that ran at the same time beside each other. */
export function waterfallSection(outcome: Outcome): Section | undefined {
  if (outcome.stages.length === 0) return undefined;
  const timeline = timelineOf(outcome);
  const { shown, more } = bounded(timeline.bars, MOST_STAGES);
  const grid = timeline.tickMs === 0 ? 100 : round((100 * timeline.tickMs) / timeline.totalMs);
  return {
    id: 'waterfall',
    title: 'Where the time went',
    short: 'Time',
    body: html`<p class="lead">${summary(timeline)}</p>
      <div class="panel waterfall" style="--tick:${grid}%">
        ${axis(timeline)}
        <ol class="stages" role="list">
          ${shown.map(row)}
        </ol>
        ${moreLine(more, 'stages')}
        ${legendOf(
          (['done', 'reused', 'failed'] as const)
            .filter((kind) => shown.some(({ stage }) => stage.outcome === kind))
            .map((kind) => ({ kind, text: OUTCOMES[kind] })),
        )}
      </div>`,
  };
}

function summary({ totalMs, bars }: Timeline): Html {
  const longest = bars.reduce<TimelineBar | undefined>(
    (most, bar) => (bar.width > (most?.width ?? 0) ? bar : most),
    undefined,
  );
  const all = `${counted(bars.length, 'stage')} in ${durationText(totalMs)}`;
  if (longest === undefined) return html`${all}.`;
  const { stage, width } = longest;
  return html`${all}. The longest was <strong>${nameOf(stage.name)}</strong>:
    ${durationText(stage.durationMs)}, ${Math.round(width)} % of it.`;
}

/** Drawn for the eye alone: each stage says its times in words. */
function axis(timeline: Timeline): Html {
  const marks = ticksOf(timeline).map(
    ({ at, text }) => html`<span class="tick${edgeOf(at)}" style="left:${at}%">${text}</span>`,
  );
  return html`<div class="axis" aria-hidden="true"><div class="ticks">${marks}</div></div>`;
}

/** Labels at the ends of the axis stay inside it. */
function edgeOf(at: number): string {
  if (at < 4) return ' first';
  return at > 92 ? ' last' : '';
}

function row({ stage, fromMs, toMs, from, width }: TimelineBar): Html {
  const { name, outcome, durationMs, detail } = stage;
  const span = `from ${durationText(fromMs)} to ${durationText(toMs)}`;
  return html`<li class="stage">
    <span class="stage-name"
      >${nameOf(name)}<span class="unseen">, ${OUTCOMES[outcome]}, ${span}, took </span></span
    >
    <span class="stage-time">${durationText(durationMs)}</span>
    <span class="stage-detail">${textOf(detail)}</span>
    <span class="track" aria-hidden="true" title="${span}"
      ><span class="bar fill-${outcome}" style="left:${from}%;width:${width}%"></span
    ></span>
  </li> `;
}

function round(percent: number): number {
  return Math.round(percent * 1_000) / 1_000;
}

import { bytesText, durationText } from '../../kernel/amounts.ts';
import { html, type Html } from '../html.ts';
import type { PastRun } from '../../oci/past-run.ts';
import type { Outcome } from '../outcome.ts';
import { pastRunOf } from '../past-run.ts';
import { bounded, moreLine } from './bounded.ts';
import { durationChart, isHit, kindOf } from './chart.ts';
import { legendOf } from './legend.ts';
import { scrolling, type Section } from './section.ts';
import { codeOf, nameOf, shortId, timeOf } from './words.ts';

const MOST_BARS = 40;
const MOST_ROWS = 30;

const LEGEND = [
  { of: 'hit', kind: 'reused', text: 'every step reused' },
  { of: 'miss', kind: 'done', text: 'a step ran' },
  { of: 'failed', kind: 'failed', text: 'a step failed' },
] as const;

/** The runs before this one, from the reports that the registry keeps: drawn, and as a table. */
export function historySection(outcome: Outcome): Section | undefined {
  const { history = [] } = outcome;
  if (history.length === 0) return undefined;
  const runs = [pastRunOf(outcome), ...history];
  const drawn = runs.slice(0, MOST_BARS).toReversed();
  const { shown, more } = bounded(runs, MOST_ROWS);
  return {
    id: 'history',
    title: 'The runs before',
    short: 'History',
    body: html`<figure class="panel">
        <figcaption>How long each took, the newest on the right: this one.</figcaption>
        ${durationChart(drawn)}
        ${legendOf(LEGEND.filter(({ of }) => drawn.some((run) => kindOf(run) === of)))}
      </figure>
      ${scrolling('The runs before, as a table', tableOf(shown))} ${moreLine(more, 'runs')}`,
  };
}

function tableOf(runs: readonly PastRun[]): Html {
  return html`<table>
    <caption>
      This run and those before it, the newest first
    </caption>
    <thead>
      <tr>
        <th scope="col">Commit</th>
        <th scope="col">Branch</th>
        <th scope="col">Ended</th>
        <th scope="col">Steps</th>
        <th scope="col" class="number">Time</th>
        <th scope="col" class="number">Uploaded</th>
        <th scope="col" class="number">Image</th>
      </tr>
    </thead>
    <tbody>
      ${runs.map(rowOf)}
    </tbody>
  </table> `;
}

function rowOf(run: PastRun, index: number): Html {
  const { commit, ref, pullRequest, finishedAt, durationMs, uploadedBytes, imageBytes } = run;
  return html`<tr>
    <th scope="row">
      ${codeOf(shortId(commit))}${index === 0 ? html` <span class="chip">this run</span>` : undefined}
    </th>
    <td>
      ${nameOf(ref)}${pullRequest === undefined ? undefined : html` <span class="quiet">#${pullRequest}</span>`}
    </td>
    <td>${timeOf(finishedAt)}</td>
    <td>${stepsOf(run)}</td>
    <td class="number">${durationText(durationMs)}</td>
    <td class="number">${bytesText(uploadedBytes)}</td>
    <td class="number">${bytesText(imageBytes)}</td>
  </tr> `;
}

function stepsOf(run: PastRun): Html {
  if (run.steps.length === 0) return html`<span class="quiet">none</span>`;
  if (isHit(run)) return html`<span class="chip reused">↺ all reused</span>`;
  const failed = run.steps.filter(({ outcome }) => outcome === 'failed');
  if (failed.length > 0) return html`<span class="chip failed">✖ ${namesOf(failed)} failed</span>`;
  const ran = run.steps.filter(({ outcome }) => outcome === 'ran');
  if (ran.length === 0) return html`<span class="quiet">not reached</span>`;
  return html`<span class="chip ran">▸ ${namesOf(ran)} ran</span>`;
}

function namesOf(steps: PastRun['steps']): Html {
  const [first] = steps;
  if (first === undefined) return html``;
  return steps.length === 1 ? nameOf(first.name) : html`${steps.length} steps`;
}

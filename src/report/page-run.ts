import { durationText } from '../kernel/amounts.ts';
import { elapsedMs } from './elapsed.ts';
import { html, type Html } from './html.ts';
import type { Outcome, Stage, StepOutcome } from './outcome.ts';

const STEP_MARKS: Readonly<Record<StepOutcome['outcome'], string>> = {
  reused: '↺ reused',
  ran: '✔ ran',
  failed: '✖ failed',
  'not-reached': '– not reached',
};

const STAGE_MARKS: Readonly<Record<Stage['outcome'], string>> = { done: '✔', reused: '↺', failed: '✖' };

/** The steps of the plan: what ran, what did not have to, and why. */
export function stepSection({ steps }: Outcome): Html {
  if (steps.length === 0) return html``;
  return html`<section>
    <h2>Steps</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Outcome</th>
            <th scope="col">Reason</th>
            <th scope="col" class="number">Time</th>
          </tr>
        </thead>
        <tbody>
          ${steps.map(stepRow)}
        </tbody>
      </table>
    </div>
  </section> `;
}

function stepRow({ name, outcome, reason, rule, durationMs }: StepOutcome): Html {
  const time = durationMs === undefined ? '' : durationText(durationMs);
  return html`<tr>
    <td>${name}</td>
    <td class="${outcome}">${STEP_MARKS[outcome]}</td>
    <td>${reason}${rule === undefined ? '' : ` [${rule}]`}</td>
    <td class="number">${time}</td>
  </tr> `;
}

/** The parts of the run as a table, with a bar for when each ran. */
export function stageSection(outcome: Outcome): Html {
  if (outcome.stages.length === 0) return html``;
  return html`<section>
    <h2>Times</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col">What it did</th>
            <th scope="col" class="number">Time</th>
            <th scope="col" class="time">From start to end</th>
          </tr>
        </thead>
        <tbody>
          ${outcome.stages.map((stage) => stageRow(stage, outcome))}
        </tbody>
      </table>
    </div>
  </section> `;
}

function stageRow(stage: Stage, run: Outcome): Html {
  const { name, outcome, detail, durationMs } = stage;
  const { from, width } = barOf(stage, run);
  return html`<tr>
    <td><span class="${outcome}">${STAGE_MARKS[outcome]}</span> ${name}</td>
    <td>${detail}</td>
    <td class="number">${durationText(durationMs)}</td>
    <td class="time"><span class="bar ${outcome}" style="margin-left:${from}%;width:${width}%"></span></td>
  </tr> `;
}

/** Where a stage's bar lies, in per cent of the run; inside it even where the times do not fit together. */
function barOf(stage: Stage, run: Outcome): { readonly from: number; readonly width: number } {
  const total = elapsedMs(run);
  const percent = (milliseconds: number): number =>
    total > 0 && milliseconds > 0 ? Math.round((1000 * milliseconds) / total) / 10 : 0;
  const from = Math.min(percent(Date.parse(stage.startedAt) - Date.parse(run.startedAt)), 100);
  return { from, width: Math.min(percent(stage.durationMs), Math.round(10 * (100 - from)) / 10) };
}

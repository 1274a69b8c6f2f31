import { bytesText, durationText } from '../../kernel/amounts.ts';
import { html, type Html } from '../html.ts';
import type { Outcome, StepOutcome } from '../outcome.ts';
import { bounded, moreLine } from './bounded.ts';
import type { Section } from './section.ts';
import { codeOf, counted, joined, nameOf, shortId, textOf, timeOf } from './words.ts';

const MOST_STEPS = 100;

const OUTCOMES: Readonly<Record<StepOutcome['outcome'], string>> = {
  reused: '↺ reused',
  ran: '▸ ran',
  failed: '✖ failed',
  'not-reached': '– not reached',
};

/** The steps of the plan: what ran, what did not have to, and on what evidence. */
export function stepSection({ steps }: Outcome): Section | undefined {
  if (steps.length === 0) return undefined;
  const { shown, more } = bounded(steps, MOST_STEPS);
  return {
    id: 'steps',
    title: 'Hits and misses',
    short: 'Hits and misses',
    body: html`<ol class="cards" role="list">
        ${shown.map(card)}
      </ol>
      ${moreLine(more, 'steps')}`,
  };
}

function card(step: StepOutcome): Html {
  const { name, outcome, reason, durationMs, rule } = step;
  return html`<li class="panel step">
    <h3>${nameOf(name)} <span class="chip ${outcome}">${OUTCOMES[outcome]}</span></h3>
    <p class="reason">${textOf(reason)}</p>
    ${changeOf(step)}
    <dl class="facts">
      ${durationMs === undefined ? undefined : fact('Took', html`${durationText(durationMs)}`)}
      ${rule === undefined ? undefined : fact('Inputs', html`${nameOf(rule)}`)} ${evidenceOf(step)}
    </dl>
  </li> `;
}

function fact(term: string, description: Html): Html {
  return html`<div>
    <dt>${term}</dt>
    <dd>${description}</dd>
  </div> `;
}

function evidenceOf({ outcome, evidence }: StepOutcome): Html | undefined {
  if (evidence === undefined) return undefined;
  const { commit, scope, recordedAt, durationMs, layerBytes } = evidence;
  const cost = `${durationText(durationMs)}, ${bytesText(layerBytes)}`;
  const from = joined([
    commit === undefined ? undefined : codeOf(shortId(commit)),
    nameOf(scope),
    timeOf(recordedAt),
  ]);
  const isHit = outcome === 'reused';
  return html`${fact(isHit ? 'Reused from' : 'Nearest run', from)}
  ${fact(isHit ? 'Saved' : 'Expected', html`${cost}`)}`;
}

/** The first input that answers otherwise than for the nearest run. */
function changeOf({ change, changes = 0 }: StepOutcome): Html | undefined {
  if (change === undefined) return undefined;
  const { path, how, before, after } = change;
  const others =
    changes > 1 ? html` <span class="quiet">and ${counted(changes - 1, 'other input')}</span>` : undefined;
  const values =
    before === undefined && after === undefined
      ? undefined
      : html`<span class="before-after">
          <span class="unseen">before: </span>${valueOf(before, 'old')}
          <span aria-hidden="true">→</span>
          <span class="unseen">after: </span>${valueOf(after, 'new')}
        </span>`;
  return html`<p class="change">
    ${codeOf(path)} <span class="how">${howText(how)}</span> ${values}${others}
  </p>`;
}

function valueOf(value: string | undefined, age: 'old' | 'new'): Html {
  if (value === undefined) return html`<span class="quiet">none</span>`;
  return html`<code class="${age}"><bdi>${shortId(value)}</bdi></code>`;
}

const HOW: Readonly<Record<string, string>> = {
  content: 'has other contents',
  mode: 'has another mode',
  attributes: 'has other attributes',
  kind: 'became something else',
  added: 'is new',
  gone: 'is gone',
  above: 'is still absent, but not the folders above it',
  declared: 'is declared now',
};

function howText(how: string): Html {
  const known = Object.hasOwn(HOW, how) ? HOW[how] : undefined;
  return known === undefined ? nameOf(how) : html`${known}`;
}

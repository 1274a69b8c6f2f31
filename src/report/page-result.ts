import { durationText } from '../kernel/amounts.ts';
import { elapsedMs } from './elapsed.ts';
import { html, type Html } from './html.ts';
import type { Outcome } from './outcome.ts';
import { withoutEscapes } from './without-escapes.ts';

const HEADLINES: Readonly<Record<Outcome['result'], string>> = {
  warm: '✔ Warm',
  'not-warm': '✖ Not warm',
  interrupted: '✖ Interrupted',
};

/** The head of the page: what became of which commit, and when. */
export function resultSection(outcome: Outcome): Html {
  const { result, repository, commit, ref, pullRequest, finishedAt } = outcome;
  const request = pullRequest === undefined ? undefined : html`, pull request #${pullRequest}`;
  return html`<header>
    <h1 class="${result}">${HEADLINES[result]}</h1>
    <p>${repository} at <code>${commit}</code> (${ref}${request})</p>
    <p class="quiet">${finishedAt}, after ${durationText(elapsedMs(outcome))}</p>
  </header> `;
}

/** Why there is no warm image, what to do, and the last lines of the task that failed. */
export function failureSection({ failure }: Outcome): Html {
  if (failure === undefined) return html``;
  const { phase, code, message, hint, remedy, output = [] } = failure;
  const lines = output.map(withoutEscapes).join('\n');
  return html`<section>
    <h2>What went wrong</h2>
    <p class="failed">${message}</p>
    ${hint === undefined ? undefined : html`<p>${hint.replace(/\.$/, '')}.</p>`}
    ${
      remedy === undefined
        ? undefined
        : html`<p>In <code>${remedy.file}</code>:</p>
            <pre>${remedy.yaml}</pre>`
    }
    <p class="quiet">phase ${phase}, code ${code}</p>
    ${
      output.length === 0
        ? undefined
        : html`<h3>Last output</h3>
            <pre>${lines}</pre>`
    }
  </section> `;
}

/** What went less well than it should. */
export function warningSection({ warnings }: Outcome): Html {
  if (warnings.length === 0) return html``;
  return html`<section>
    <h2>Warnings</h2>
    <ul>
      ${warnings.map((warning) => html`<li>${warning}</li>`)}
    </ul>
  </section> `;
}

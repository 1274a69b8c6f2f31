import { html, type Html } from '../html.ts';
import type { Outcome } from '../outcome.ts';
import { withoutEscapes } from '../without-escapes.ts';
import type { Section } from './section.ts';
import { codeOf, lineOf, nameOf, textOf } from './words.ts';

type Failure = NonNullable<Outcome['failure']>;

const MOST_LINES = 200;

/** What went wrong, where, what to do, and the last lines of the task that failed. */
export function failureSection({ failure, configuration }: Outcome): Section | undefined {
  if (failure === undefined) return undefined;
  const { task, message, hint } = failure;
  return {
    id: 'failure',
    title: 'What went wrong',
    short: 'Failure',
    body: html`<div class="panel trouble">
      ${task === undefined ? undefined : html`<h3><span class="failed" aria-hidden="true">✖</span> Task ${nameOf(task)}</h3>`}
      <p class="chips">${facts(failure, configuration)}</p>
      <p class="message">${textOf(message)}</p>
      ${hint === undefined ? undefined : html`<p>${textOf(hint.replace(/\.$/, ''))}.</p>`}
      ${remedyOf(failure)} ${outputOf(failure)}
    </div>`,
  };
}

function facts({ exitCode, line, phase, code }: Failure, configuration: string | undefined): Html {
  const place = line === undefined ? '' : `, line ${line}`;
  return html`${
      exitCode === undefined ? undefined : html`<span class="chip bad">exit code ${exitCode}</span> `
    }${
      configuration === undefined
        ? undefined
        : html`<span class="chip">${codeOf(configuration)}${place}</span> `
    }<span class="chip">phase ${nameOf(phase)}</span> <span class="chip">code ${nameOf(code)}</span>`;
}

function remedyOf({ remedy }: Failure): Html | undefined {
  if (remedy === undefined) return undefined;
  return html`<figure class="command">
    <figcaption>Write into ${codeOf(remedy.file)}</figcaption>
    <pre dir="ltr"><code>${remedy.yaml}</code></pre>
  </figure> `;
}

function outputOf({ output = [] }: Failure): Html | undefined {
  if (output.length === 0) return undefined;
  const lines = output.slice(-MOST_LINES).map((line) => lineOf(withoutEscapes(line)));
  const left = output.length - lines.length;
  return html`<h3 class="output-title">Last output</h3>
    ${left === 0 ? undefined : html`<p class="more">${left} earlier lines are in <code>outcome.json</code>.</p>`}
    <div class="output" role="region" aria-label="Last output" tabindex="0">
      <pre dir="ltr">${lines.join('\n')}</pre>
    </div>`;
}

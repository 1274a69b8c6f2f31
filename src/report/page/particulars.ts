import { html, type Html } from '../html.ts';
import type { Outcome } from '../outcome.ts';
import type { Section } from './section.ts';
import { codeOf, nameOf, timeOf } from './words.ts';

/** What one looks up: full names, digests and times. */
export function particularSection(outcome: Outcome): Section {
  const { image, digest, baseImage, configuration, commit, exitCode, startedAt, finishedAt } = outcome;
  const rows: readonly (readonly [term: string, value: Html | undefined])[] = [
    ['Image', whole(image)],
    ['Digest', whole(digest)],
    [
      'Base image',
      baseImage && html`${codeOf(baseImage.reference)}<br /><code>${nameOf(baseImage.digest)}</code>`,
    ],
    [
      'Image compared with',
      outcome.price && html`${nameOf(outcome.price.branch)}: ${codeOf(outcome.price.digest)}`,
    ],
    ['Commit', commit === '' ? undefined : codeOf(commit)],
    ['Configuration', configuration === undefined ? undefined : codeOf(configuration)],
    ['Started', timeOf(startedAt)],
    ['Ended', timeOf(finishedAt)],
    ['Exit code', html`${exitCode}`],
  ];
  return {
    id: 'particulars',
    title: 'Particulars',
    short: 'Particulars',
    body: html`<dl class="panel particulars">
      ${rows.map(([term, value]) => (value === undefined ? html`` : row(term, value)))}
    </dl>`,
  };
}

/** To be copied, hence never cut. */
function whole(text: string | undefined): Html | undefined {
  return text === undefined || text === '' ? undefined : html`<code><bdi>${text}</bdi></code>`;
}

function row(term: string, value: Html): Html {
  return html`<div>
    <dt>${term}</dt>
    <dd>${value}</dd>
  </div> `;
}

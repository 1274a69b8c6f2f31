import { html, type Html } from '../html.ts';

/** What a fill of the page's drawings means; each has a pattern of its own. */
export interface LegendEntry {
  readonly kind: 'done' | 'reused' | 'failed' | 'new';
  readonly text: string;
}

/** The key to a drawing. */
export function legendOf(entries: readonly LegendEntry[]): Html {
  return html`<ul class="legend" aria-label="Key">
    ${entries.map(
      ({ kind, text }) => html`<li><span class="swatch fill-${kind}" aria-hidden="true"></span>${text}</li>`,
    )}
  </ul> `;
}

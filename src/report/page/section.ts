import { html, type Html } from '../html.ts';

/** A part of the page that its table of contents names. */
export interface Section {
  /** Unique in the page, and the target of links. */
  readonly id: string;
  readonly title: string;
  /** The title in the table of contents. */
  readonly short: string;
  readonly body: Html;
}

/** A section as a region with a heading of the second level. */
export function sectionOf({ id, title, body }: Section): Html {
  return html`<section class="part" id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section> `;
}

/** Links to the sections; none where there is little to choose from. */
export function contentsOf(sections: readonly Section[]): Html | undefined {
  if (sections.length < 2) return undefined;
  return html`<nav class="contents" aria-label="On this page">
    <ul>
      ${sections.map(({ id, short }) => html`<li><a href="#${id}">${short}</a></li>`)}
    </ul>
  </nav> `;
}

/** A table that is wider than a phone scrolls in a box of its own, also by keyboard. */
export function scrolling(label: string, table: Html): Html {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
}

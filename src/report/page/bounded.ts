import { html, type Html } from '../html.ts';

/** As much of a list as a page shows, and how many are left out. */
export interface Bounded<T> {
  readonly shown: readonly T[];
  readonly more: number;
}

/** The first `most` of a list. */
export function bounded<T>(list: readonly T[], most: number): Bounded<T> {
  return { shown: list.slice(0, most), more: Math.max(0, list.length - most) };
}

/** The line that says how many are left out; nothing where none is. */
export function moreLine(more: number, what: string): Html | undefined {
  if (more === 0) return undefined;
  return html`<p class="more">… and ${more} more ${what}: <code>outcome.json</code> has them all.</p>`;
}

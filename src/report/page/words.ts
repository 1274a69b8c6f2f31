import { html, type Html } from '../html.ts';
import { shorten } from '../shorten.ts';

const LONGEST_NAME = 160;
const LONGEST_TEXT = 800;
const LONGEST_LINE = 500;

/** A name from outside: whatever it holds, it neither floods the page nor turns the direction of what follows it. */
export function nameOf(text: string): Html {
  return html`<bdi>${shorten(text, LONGEST_NAME)}</bdi>`;
}

/** A sentence from outside. */
export function textOf(text: string): Html {
  return html`<bdi>${shorten(text, LONGEST_TEXT)}</bdi>`;
}

/** A name from outside as code. */
export function codeOf(text: string): Html {
  return html`<code>${nameOf(text)}</code>`;
}

/** A name from outside for an attribute. */
export function plainName(text: string): string {
  return shorten(text, LONGEST_NAME);
}

/** A line of a program's output: its white space stays. */
export function lineOf(text: string): string {
  if (text.length <= LONGEST_LINE) return text;
  return `${text.slice(0, LONGEST_LINE).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Ids of commits and objects, and digests, in as many digits as people tell them apart by. */
export function shortId(id: string): string {
  return shorten(id.replace(/^sha256:/, ''), LONGEST_NAME).slice(0, 12);
}

/** `1 layer`, `2 layers`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A point in time to the minute, in UTC; what is no time stands as it is. */
export function timeOf(text: string): Html {
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) return nameOf(text);
  const iso = new Date(time).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

/** Parts between separators that no reader hears. */
export function joined(parts: readonly (Html | string | undefined)[]): Html {
  const there = parts.filter((part) => part !== undefined && part !== '');
  return html`${there.map((part, index) =>
    index === 0 ? html`${part}` : html` <span class="dot" aria-hidden="true">·</span> ${part}`,
  )}`;
}

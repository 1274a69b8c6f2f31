import { html, type Html } from '../html.ts';
import { lineOf } from './words.ts';

const MOST_LINES = 20;
const MARKED = /^> *\d+ \| ?/;
const CARETS = /^ +\| ?([^^]*)(\^+)$/;

/**
 * A code frame with its range marked in the line itself. The carets below it would stand elsewhere once a line
 * breaks, as it must on a phone.
 */
export function frameOf(frame: string): Html | undefined {
  if (frame === '') return undefined;
  const lines = frame.split('\n').slice(0, MOST_LINES).map(lineOf);
  const rows = lines.flatMap((line, index) => {
    const marked = MARKED.test(lines[index - 1] ?? '') && CARETS.test(line);
    return marked ? [] : [rowOf(line, lines[index + 1] ?? '')];
  });
  return html`<pre class="frame" dir="ltr"><code>${rows}</code></pre>`;
}

function rowOf(line: string, below: string): Html {
  const [gutter] = MARKED.exec(line) ?? [];
  if (gutter === undefined) return html`<span class="row">${line}${'\n'}</span>`;
  const text = line.slice(gutter.length);
  const [, blank = '', carets = ''] = CARETS.exec(below) ?? [];
  const end = blank.length + carets.length;
  const range = text.slice(blank.length, end);
  // A range behind the end of the line is a point: the place where something is missing.
  const mark = carets === '' ? undefined : html`<mark>${range === '' ? ' ' : range}</mark>`;
  return html`<span class="row here"
    >${gutter}${text.slice(0, blank.length)}${mark}${text.slice(end)}${'\n'}</span
  >`;
}

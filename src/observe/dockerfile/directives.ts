import type { Escape } from './escape.ts';

/** A parser directive: a comment of the form `# name=value` above everything else. */
interface Directive {
  readonly name: string;
  readonly value: string;
  /** Where the value stands in the text. */
  readonly start: number;
}

const KNOWN: ReadonlySet<string> = new Set(['escape', 'syntax', 'check']);

/** The character that escapes and continues lines, by the directive `# escape`. */
export function escapeOf(text: string): Escape {
  return directivesOf(text).find(({ name }) => name === 'escape')?.value === '`' ? '`' : '\\';
}

/** The image of another frontend, by the directive `# syntax`, and where its name stands. */
export function syntaxOf(text: string): { readonly reference: string; readonly start: number } | undefined {
  const found = directivesOf(text).find(({ name }) => name === 'syntax');
  // Behind the image's name there may be options for the frontend.
  const reference = found?.value.split(/\s/, 1)[0];
  return found === undefined || reference === undefined ? undefined : { reference, start: found.start };
}

/**
 * Reads directives until the first line that is none
 * (https://github.com/moby/buildkit/blob/v0.13.2/frontend/dockerfile/parser/directives.go).
 */
function directivesOf(text: string): readonly Directive[] {
  const found: Directive[] = [];
  let start = text.startsWith('\ufeff') ? 1 : 0;
  const shebang = /^#!.*\n/.exec(text.slice(start));
  if (shebang !== null) start += shebang[0].length;
  for (;;) {
    const rest = text.slice(start);
    const match = /^(#[^\S\n]*([a-zA-Z][a-zA-Z0-9]*)[^\S\n]*=[^\S\n]*)(\S[^\n]*?)[^\S\n]*(?:\n|$)/.exec(rest);
    const [line, before = '', name = '', value = ''] = match ?? [];
    if (line === undefined) return found;
    if (KNOWN.has(name.toLowerCase()))
      found.push({ name: name.toLowerCase(), value, start: start + before.length });
    start += line.length;
  }
}

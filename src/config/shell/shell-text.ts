import { endOfLine, scanWord } from './scan-word.ts';
import type { ShellToken } from './shell-token.ts';

/** A shell text in pieces: what bash would run, without comments and here-documents. */
export interface ShellText {
  readonly tokens: readonly ShellToken[];
  /** The text with a blank for each character of a comment. */
  readonly code: string;
  /** Where a quote begins that has no end. */
  readonly unclosed: number | undefined;
}

const REDIRECT = /(?:\d*|\{\w+\})(?:&>>|&>|<<<|<<-|<<|<>|<&|>>|>&|>\||<|>)/y;
const OPERATOR = /&&|\|\||\|&|;;&|;;|;&|[;&|()\n]/y;
const SUBSTITUTION = /[<>]\(/y;
const BLANK = /(?:[^\S\n]|\\\r?\n)+/y;

interface HereDocument {
  readonly delimiter: string;
  /** Whether tabs in front of the delimiter are left out (`<<-`). */
  readonly indented: boolean;
}

/** Takes a shell text apart. Never throws; of what bash would refuse it makes the best. */
export function readShell(text: string): ShellText {
  const tokens: ShellToken[] = [];
  const comments: [number, number][] = [];
  let waiting: HereDocument[] = [];
  let at = 0;
  while (at < text.length) {
    at = matchAt(BLANK, text, at) ?? at;
    if (at >= text.length) break;
    if (text[at] === '#') {
      comments.push([at, endOfLine(text, at)]);
      at = endOfLine(text, at);
      continue;
    }
    const { token, unclosed } = tokenAt(text, at);
    if (unclosed !== undefined) return { tokens, code: withoutComments(text, comments), unclosed };
    waiting = withHereDocument(waiting, tokens.at(-1), token);
    tokens.push(token);
    at = token.end;
    if (token.text !== '\n' || token.kind !== 'operator') continue;
    at = pastHereDocuments(text, at, waiting);
    waiting = [];
  }
  return { tokens, code: withoutComments(text, comments), unclosed: undefined };
}

function tokenAt(
  text: string,
  start: number,
): { readonly token: ShellToken; readonly unclosed?: number | undefined } {
  const substitution = matchAt(SUBSTITUTION, text, start);
  for (const [kind, pattern] of [
    ['redirect', REDIRECT],
    ['operator', OPERATOR],
  ] as const) {
    const end = substitution === undefined ? matchAt(pattern, text, start) : undefined;
    if (end !== undefined) return { token: { kind, text: text.slice(start, end), start, end } };
  }
  const { end, unclosed } = scanWord(text, start);
  return { token: { kind: 'word', text: text.slice(start, end), start, end }, unclosed };
}

function matchAt(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function withHereDocument(
  waiting: HereDocument[],
  before: ShellToken | undefined,
  { kind, text }: ShellToken,
): HereDocument[] {
  if (kind !== 'word' || before?.kind !== 'redirect' || !/(?<!<)<<-?$/.test(before.text)) return waiting;
  return [...waiting, { delimiter: text.replaceAll(/['"\\]/g, ''), indented: before.text.endsWith('-') }];
}

function pastHereDocuments(text: string, from: number, waiting: readonly HereDocument[]): number {
  let at = from;
  for (const { delimiter, indented } of waiting) {
    while (at < text.length) {
      const end = endOfLine(text, at);
      const line = text.slice(at, end);
      at = Math.min(end + 1, text.length);
      if ((indented ? line.replace(/^\t+/, '') : line) === delimiter) break;
    }
  }
  return at;
}

function withoutComments(text: string, comments: readonly (readonly [number, number])[]): string {
  const kept: string[] = [];
  let from = 0;
  for (const [start, end] of comments) {
    kept.push(text.slice(from, start), ' '.repeat(end - start));
    from = end;
  }
  return [...kept, text.slice(from)].join('');
}

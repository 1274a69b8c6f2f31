import { argumentsOf } from './arguments.ts';
import { heredocsIn } from './heredocs.ts';
import type { Escape } from './escape.ts';
import { escapeOf } from './directives.ts';

/** One instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  /** In capitals. */
  readonly keyword: string;
  /** What stands behind the keyword. */
  readonly rest: string;
  /** Line at which it begins, counted from one. */
  readonly line: number;
  /** The character that escapes in it and continues its lines. */
  readonly escape: Escape;
  /** The position in the Dockerfile's text of the character at `at` of `rest`. */
  readonly positionOf: (at: number) => number;
}

interface Joined {
  readonly text: string;
  /** For each character, where it stands. */
  readonly positions: readonly number[];
}

interface Line {
  readonly text: string;
  readonly start: number;
}

/** Instructions that may have here-documents, and those that hold an instruction of this kind. */
const WITH_HEREDOC: ReadonlySet<string> = new Set(['ADD', 'COPY', 'RUN']);

/**
 * Splits a Dockerfile into instructions by the rules of BuildKit
 * (https://github.com/moby/buildkit/blob/v0.13.2/frontend/dockerfile/parser/parser.go): comments, the escape directive,
 * continued lines with comments and empty lines in between, here-documents. What is no instruction stays one with an
 * odd keyword; to refuse it is BuildKit's business.
 */
export function instructionsOf(text: string): readonly Instruction[] {
  const escape = escapeOf(text);
  const lines = linesOf(text);
  const found: Instruction[] = [];
  for (let at = 0; at < lines.length;) {
    const first = at;
    const [joined, next] = join(lines, at, escape);
    at = next;
    const instruction = instructionIn(joined, first + 1, escape);
    if (instruction === undefined) continue;
    found.push(instruction);
    at = skipHeredocs(lines, at, instruction);
  }
  return found;
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= text.length;) {
    const end = text.indexOf('\n', start);
    const stop = end === -1 ? text.length : end;
    lines.push({ text: text.slice(start, stop).replace(/\r$/, ''), start });
    start = stop + 1;
  }
  const [first, ...rest] = lines;
  if (first?.text.startsWith('\ufeff') !== true) return lines;
  return [{ text: first.text.slice(1), start: first.start + 1 }, ...rest];
}

/** Joins the line at `at` with those that continue it; gives also which line comes next. */
function join(lines: readonly Line[], at: number, escape: Escape): readonly [Joined, number] {
  const ending = escape === '\\' ? /(^|[^\\])\\[ \t]*$/ : /(^|[^`])`[ \t]*$/;
  const positions: number[] = [];
  let text = '';
  let next = at;
  for (let goesOn = true; goesOn && next < lines.length; next++) {
    const line = lines[next];
    const isComment = line !== undefined && /^\s*#/.test(line.text);
    if (line === undefined || isComment || (next > at && line.text.trim() === '')) {
      // A comment or empty line on its own is an instruction of nothing.
      if (next === at) goesOn = false;
      continue;
    }
    goesOn = ending.test(line.text);
    const kept = line.text.replace(ending, '$1');
    text += kept;
    for (let index = 0; index < kept.length; index++) positions.push(line.start + index);
  }
  return [{ text, positions }, next];
}

function instructionIn({ text, positions }: Joined, line: number, escape: Escape): Instruction | undefined {
  const [, before = '', keyword, between = '', rest = ''] = /^(\s*)(\S+)(\s*)(.*?)\s*$/s.exec(text) ?? [];
  if (keyword === undefined) return undefined;
  const offset = before.length + keyword.length + between.length;
  return {
    keyword: keyword.toUpperCase(),
    rest,
    line,
    escape,
    positionOf: (at) => positions[offset + at] ?? (positions.at(-1) ?? 0) + 1,
  };
}

function skipHeredocs(lines: readonly Line[], from: number, { keyword, rest, escape }: Instruction): number {
  const [, inner = '', innerRest = ''] = /^(\S+)\s*(.*)$/s.exec(rest) ?? [];
  const [word, words] = keyword === 'ONBUILD' ? [inner.toUpperCase(), innerRest] : [keyword, rest];
  if (!WITH_HEREDOC.has(word) || argumentsOf({ rest: words, escape }).isJson) return from;
  let at = from;
  for (const { name, chomp } of heredocsIn(words)) {
    const isEnd = (line: Line): boolean => (chomp ? line.text.replace(/^\t+/, '') : line.text) === name;
    while (at < lines.length) {
      const line = lines[at++];
      if (line !== undefined && isEnd(line)) break;
    }
  }
  return at;
}

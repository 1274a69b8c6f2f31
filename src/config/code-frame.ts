import { printable } from './printable.ts';

const WIDEST_LINE = 100;
/** Characters that terminals draw two columns wide although they are one UTF-16 code unit. */
const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/g;

/** The place that a frame points at; all counted from one, `endColumn` exclusive. */
export interface FramedPlace {
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

/**
 * Draws the line of a finding with its neighbours and carets below it. `lines` are the text's lines without their ends.
 * Long lines are cut around the carets; characters that a terminal would act on are replaced.
 */
export function codeFrame(lines: readonly string[], place: FramedPlace): string {
  const gutter = String(Math.min(place.line + 1, lines.length)).length;
  const from = cutFrom(lines[place.line - 1] ?? '', place.column);
  const row = (number: number): readonly string[] => {
    const text = lines[number - 1];
    if (text === undefined) return [];
    const mark = number === place.line ? '>' : ' ';
    return [`${mark} ${String(number).padStart(gutter)} | ${cut(text, from)}`.trimEnd()];
  };
  const pointer = `  ${' '.repeat(gutter)} | ${carets(lines[place.line - 1] ?? '', from, place)}`;
  // Neighbours of a line that is cut would not be recognised.
  const neighbour = from === 0 ? row : () => [];
  return [...neighbour(place.line - 1), ...row(place.line), pointer, ...neighbour(place.line + 1)].join('\n');
}

function cutFrom(line: string, column: number): number {
  return line.length <= WIDEST_LINE ? 0 : Math.max(0, column - 1 - WIDEST_LINE / 2);
}

function cut(line: string, from: number): string {
  const shown = printable(line.slice(from, from + WIDEST_LINE));
  return `${from > 0 ? '…' : ''}${shown}${from + WIDEST_LINE < line.length ? '…' : ''}`;
}

/** Tabs stay tabs and wide characters become wide spaces, so that the carets stand below what they mean. */
function carets(line: string, from: number, { column, endColumn }: FramedPlace): string {
  const before = line
    .slice(from, column - 1)
    .replaceAll(WIDE, '\u3000')
    .replaceAll(/[^\t\u3000]/g, ' ');
  const width = Math.min(endColumn, from + WIDEST_LINE + 1) - column;
  return `${from > 0 ? ' ' : ''}${before}${'^'.repeat(Math.max(1, width))}`;
}
